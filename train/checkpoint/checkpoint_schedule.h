#pragma once

#include <chrono>
#include <cstdint>

#include "train/checkpoint/checkpoint_config.h"

namespace parlando::train {

/// Says when a checkpoint is due. Steps and epochs count from the beginning of the run, so that all
/// ranks, and a run that continues, find the same moments; time is rank 0's, and for it to tell the
/// others.
class CheckpointSchedule {
 public:
  using Clock = std::chrono::steady_clock;

  explicit CheckpointSchedule(const CheckpointConfig& config, Clock::time_point now = Clock::now())
      : config_(config), written_(now) {}

  /// After `steps` completed steps of the run.
  bool due_after_steps(std::int64_t steps) const {
    return config_.every_steps > 0 && steps % config_.every_steps == 0;
  }
  /// After `epochs` completed epochs.
  bool due_after_epochs(std::int64_t epochs) const {
    return config_.every_epochs > 0 && epochs % config_.every_epochs == 0;
  }
  bool due_by_time(Clock::time_point now = Clock::now()) const {
    return config_.every_minutes > 0 &&
           now - written_ >= std::chrono::duration<double, std::ratio<60>>(config_.every_minutes);
  }
  /// A checkpoint was written.
  void restart_clock(Clock::time_point now = Clock::now()) { written_ = now; }

 private:
  CheckpointConfig config_;
  Clock::time_point written_;
};

}  // namespace parlando::train
