#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

namespace parlando::train {

/// A line of steps.jsonl.
struct StepRecord {
  std::int64_t epoch = 0;  ///< from 1
  std::int64_t step = 0;   ///< of the epoch, from 1
  double loss = 0;         ///< mean over the samples of the global batch
  double learning_rate = 0;
  std::int64_t samples = 0;  ///< of the global batch
  std::int64_t batch = 0;    ///< hash_of_samples() over all ranks
  std::string skipped{};     ///< why the step was left out; empty: it was taken
};

/// steps.jsonl of a run folder: what every step saw, for those who compare runs step by step.
class StepLog {
 public:
  /// `path` empty: nothing is written.
  explicit StepLog(std::filesystem::path path) : path_(std::move(path)) {}

  /// Removes the lines of steps after the first `steps` of epoch `epochs` + 1, which will be taken
  /// again.
  /// Called before the first append.
  void truncate(std::int64_t epochs, std::int64_t steps);
  void append(const StepRecord& record);

 private:
  std::filesystem::path path_;
  std::ofstream file_;  ///< stays with the file that truncate() made, even if a later start of the
                        ///< run puts another one there
};

}  // namespace parlando::train
