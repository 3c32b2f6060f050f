#include "train/measure/phase_clock.h"

#include <algorithm>
#include <utility>

namespace parlando::train {
namespace {

double seconds_between(std::chrono::steady_clock::time_point a,
                       std::chrono::steady_clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

}  // namespace

PhaseClock::PhaseClock(std::size_t warm_up, std::function<void()> settle)
    : warm_up_(warm_up), settle_(std::move(settle)) {}

void PhaseClock::add(std::string_view name, bool of_network) {
  settle_();
  auto phase = std::ranges::find(phases_, name, &Phase::name);
  if (phase == phases_.end()) {
    phases_.push_back({std::string(name), of_network, 0});
    phase = phases_.end() - 1;
  }
  const Clock::time_point now = Clock::now();
  phase->seconds += seconds_between(std::exchange(mark_, now), now);
}

void PhaseClock::on_part(std::string_view name, const at::Tensor&) {
  add(name, true);
}

void PhaseClock::on_phase(std::string_view name) {
  add(name, false);
}

void PhaseClock::on_step() {
  add("other", false);
  steps_.push_back(seconds_between(std::exchange(step_begin_, mark_), mark_));
  if (warm_up_ > 0 && steps_.size() == warm_up_) {
    phases_.clear();
    steps_.clear();
    warm_up_ = 0;
    mark_ = step_begin_ = Clock::now();
  }
}

}  // namespace parlando::train
