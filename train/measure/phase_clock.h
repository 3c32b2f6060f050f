#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "train/model/step_observer.h"

namespace parlando::train {

/// Where the time of training steps goes: the time from one event to the next belongs to the event
/// that ends it.
class PhaseClock : public StepObserver {
 public:
  struct Phase {
    std::string name;
    bool of_network = false;  ///< a part of the forward pass
    double seconds = 0;       ///< of all steps
  };

  /// The first `warm_up` steps do not count. `settle` waits for work that the device still has to
  /// do; it is called before the clock is read.
  explicit PhaseClock(
      std::size_t warm_up, std::function<void()> settle = [] {});

  void on_part(std::string_view name, const at::Tensor& output) override;
  void on_phase(std::string_view name) override;
  /// The step is over.
  void on_step();

  /// In the order of their first event.
  const std::vector<Phase>& phases() const { return phases_; }
  /// Seconds of each step.
  const std::vector<double>& steps() const { return steps_; }

 private:
  using Clock = std::chrono::steady_clock;
  void add(std::string_view name, bool of_network);

  std::size_t warm_up_;
  std::function<void()> settle_;
  Clock::time_point mark_ = Clock::now();
  Clock::time_point step_begin_ = mark_;
  std::vector<Phase> phases_;
  std::vector<double> steps_;
};

}  // namespace parlando::train
