#include "train/optim/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/core/error.h"

namespace parlando::train {
namespace {

double step_rate(const StepDecayConfig& config, double rate, std::int64_t epoch) {
  const auto falls =
      config.at_epochs.empty()
          ? epoch / config.every_epochs
          : std::ranges::count_if(config.at_epochs, [&](int at) { return at <= epoch; });
  return rate * std::pow(config.factor, static_cast<double>(falls));
}

/// From `from` to `to` as `share` goes from 0 to 1.
double anneal(const std::string& form, double from, double to, double share) {
  if (form == "linear") return from + (to - from) * share;
  return to + (from - to) * (1 + std::cos(std::numbers::pi * share)) / 2;
}

}  // namespace

void ScheduleConfig::validate() const {
  if (kind == "one-cycle" && warmup_epochs > 0) {
    fail(ErrorKind::usage, "one-cycle rises by itself; leave warmup_epochs at 0");
  }
}

double cosine_rate(double time, double period_factor, double highest, double lowest) {
  double length = 1;
  if (period_factor == 1) {
    time -= std::floor(time);
  } else {
    for (; time >= length; length *= period_factor) time -= length;
  }
  return anneal("cosine", highest, lowest, time / length);
}

double one_cycle_rate(const OneCycleConfig& config, double highest, std::int64_t step,
                      std::int64_t steps) {
  const double first = highest / config.start_divisor;
  const double last = first / config.end_divisor;
  const double peak = config.rise * static_cast<double>(steps) - 1;
  const double end = static_cast<double>(steps) - 1;
  const auto at = static_cast<double>(step);
  if (at <= peak) return anneal(config.anneal, first, highest, peak > 0 ? at / peak : 1);
  return anneal(config.anneal, highest, last, end > peak ? (at - peak) / (end - peak) : 1);
}

LearningRate::LearningRate(const ScheduleConfig& config, double rate, TrainingLength length)
    : config_(config),
      rate_(rate),
      length_(length),
      warmup_steps_(
          std::llround(config.warmup_epochs * static_cast<double>(length.steps_per_epoch))),
      plateau_(config.plateau, rate, config.min_learning_rate) {}

double LearningRate::at(std::int64_t step) const {
  const bool watches = config_.kind == "plateau";
  const double reached = watches ? plateau_.rate() : rate_;
  if (step < warmup_steps_) {
    const double share = static_cast<double>(step) / static_cast<double>(warmup_steps_);
    return reached * (config_.warmup_start + (1 - config_.warmup_start) * share);
  }
  return watches ? reached : after_warmup(step - warmup_steps_);
}

double LearningRate::after_warmup(std::int64_t step) const {
  const auto per_epoch = static_cast<double>(length_.steps_per_epoch);
  if (config_.kind == "cosine") {
    const double whole =
        static_cast<double>(std::max<std::int64_t>(1, length_.steps() - warmup_steps_));
    const double period =
        config_.cosine.period_epochs > 0 ? config_.cosine.period_epochs * per_epoch : whole;
    return cosine_rate(static_cast<double>(step) / period, config_.cosine.period_factor, rate_,
                       std::min(rate_, config_.min_learning_rate));
  }
  if (config_.kind == "step") return step_rate(config_.step, rate_, step / length_.steps_per_epoch);
  if (config_.kind == "one-cycle")
    return one_cycle_rate(config_.one_cycle, rate_, step, length_.steps());
  return rate_;
}

void LearningRate::observe(const ValidationFigures& figures) {
  if (config_.kind == "plateau") plateau_.observe(figures);
}

}  // namespace parlando::train
