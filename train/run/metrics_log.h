#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/io/event_file.h"
#include "train/run/trainer.h"

namespace parlando::train {

/// What a run tells after every epoch: a line in metrics.jsonl and a step in TensorBoard's event
/// file. Rank 0 alone has one.
class MetricsLog {
 public:
  /// Keeps what both files say of the first `epochs` epochs, those that the checkpoint knows of,
  /// and drops the rest, so that a run that goes on repeats no epoch and misses none. `config`:
  /// effective configuration, YAML, shown on TensorBoard's page "Text".
  MetricsLog(const std::filesystem::path& run, std::int64_t epochs, const std::string& config);

  void append(const EpochMetrics& metrics);

 private:
  std::filesystem::path lines_;
  EventFile events_;
};

}  // namespace parlando::train
