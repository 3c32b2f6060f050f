#pragma once

#include <cstdint>

#include "train/optim/schedule_config.h"

namespace parlando::train {

/// Length of a training.
struct TrainingLength {
  std::int64_t epochs = 1;
  std::int64_t steps_per_epoch = 1;
  std::int64_t steps() const { return epochs * steps_per_epoch; }
};

/// The learning rate of every step. But for what plateau has seen it is a function of the step's
/// number alone.
class LearningRate {
 public:
  /// `rate` is the one that the schedule starts from (the highest one under one-cycle).
  LearningRate(const ScheduleConfig& config, double rate, TrainingLength length);

  /// For a step, counted from 0 over the whole training.
  double at(std::int64_t step) const;

  /// Takes in an epoch's validation.
  void observe(const ValidationFigures& figures);

  /// What changes: plateau's state.
  const ReduceOnPlateau& plateau() const { return plateau_; }
  ReduceOnPlateau& plateau() { return plateau_; }

 private:
  double after_warmup(std::int64_t step) const;

  ScheduleConfig config_;
  double rate_;
  TrainingLength length_;
  std::int64_t warmup_steps_;
  ReduceOnPlateau plateau_;
};

/// torch's CosineAnnealingWarmRestarts at `time` (in units of the first period), Keras'
/// CosineDecayRestarts with m_mul 1.
double cosine_rate(double time, double period_factor, double highest, double lowest);

/// torch's OneCycleLR without its cycle of momentum, for step 0 .. steps - 1.
double one_cycle_rate(const OneCycleConfig& config, double highest, std::int64_t step,
                      std::int64_t steps);

}  // namespace parlando::train
