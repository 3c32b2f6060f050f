#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/dist/watchdog.h"
#include "train/checkpoint/checkpoint.h"
#include "train/checkpoint/checkpoint_config.h"
#include "train/checkpoint/run_fence.h"

namespace parlando::train {

/// The checkpoints of a run: RUN/checkpoints/epoch-0003-step-000120-start-0002/ {state.safetensors,
/// state.json, DONE}. Written under a temporary name, file by file, each flushed; DONE last; then
/// renamed. Whenever a process ends in between, what was complete before is still there. Only
/// folders with DONE count. Rank 0 alone has one.
class CheckpointStore {
 public:
  /// `identity`: hashes of what a checkpoint must have in common with the run. The fence and the
  /// watchdog, which is told of every step of the protocol, must outlive the object.
  CheckpointStore(std::filesystem::path folder, CheckpointConfig config, Json identity,
                  const RunFence& fence, dist::Watchdog& watchdog);

  /// Writes one and removes those that are not kept. Throws Error(artefact), also when another
  /// start of the run has taken over.
  void write(const Checkpoint& checkpoint) const;

  /// The newest complete checkpoint; a damaged one is named in a warning and the one before it is
  /// taken. nullopt if there is none. Throws Error(artefact) if it is of another configuration,
  /// dataset or split.
  std::optional<Checkpoint> read_newest() const;

 private:
  void remove_old(std::int64_t best_epoch) const;
  void require_identity(const std::filesystem::path& path) const;

  std::filesystem::path folder_;
  CheckpointConfig config_;
  Json identity_;
  const RunFence& fence_;
  dist::Watchdog& watchdog_;
};

}  // namespace parlando::train
