#include "common/audio/pitch/pitch_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/audio/pitch/kernels.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// What stands for probability 0.
constexpr double kTiny = std::numeric_limits<double>::min();
const double kLogTiny = std::log(kTiny);
constexpr double kNever = -std::numeric_limits<double>::infinity();

/// scipy.signal.windows.triang.
std::vector<double> triangle(std::size_t width) {
  std::vector<double> window(width);
  const auto n = static_cast<double>(width);
  for (std::size_t i = 0; i < width; ++i) {
    const auto from_edge = static_cast<double>(std::min(i, width - 1 - i)) + 1;
    window[i] = width % 2 == 1 ? 2 * from_edge / (n + 1) : (2 * from_edge - 1) / n;
  }
  return window;
}

}  // namespace

PitchPath::PitchPath(std::size_t bins, std::size_t width, double switch_probability)
    : bins_(bins),
      log_stay_(std::log(1 - switch_probability + kTiny)),
      log_switch_(std::log(switch_probability + kTiny)) {
  if (width > bins) {
    fail(ErrorKind::usage,
         "a pitch may step over {} bins from frame to frame, but there are only {}; lower "
         "max_transition_rate or hop_length, or widen fmin to fmax",
         width, bins);
  }
  const std::vector<double> window = triangle(width);
  const auto n = static_cast<std::ptrdiff_t>(bins);
  const auto half = static_cast<std::ptrdiff_t>(width / 2);
  // librosa centres the window in a row of all bins and rolls it to its bin.
  lowest_step_ = (n - static_cast<std::ptrdiff_t>(width)) / 2 + n / 2 + 1 - n;
  for (std::size_t i = 0; i < width; ++i) log_steps_.push_back(std::log(window[i]));
  for (std::ptrdiff_t bin = 0; bin < n; ++bin) {
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const std::ptrdiff_t to = bin + lowest_step_ + static_cast<std::ptrdiff_t>(i);
      if (to >= std::max<std::ptrdiff_t>(0, bin - half) && to <= std::min(n - 1, bin + half)) {
        sum += window[i];
      }
    }
    log_row_sum_.push_back(std::log(sum));
  }
}

const std::vector<PitchState>& PitchPath::decode(std::span<const double> observations,
                                                 std::span<const double> voiced) {
  const std::size_t frames = voiced.size();
  origins_.resize(frames * 2 * bins_);
  const double initial = std::log(1 / static_cast<double>(2 * bins_) + kTiny);
  values_.assign(2 * bins_, initial);
  for (std::size_t t = 0; t < frames; ++t) {
    const double unvoiced = std::log((1 - voiced[t]) / static_cast<double>(bins_) + kTiny);
    const std::span<const double> observation = observations.subspan(t * bins_, bins_);
    if (t > 0) step({origins_.data() + t * 2 * bins_, 2 * bins_});
    for (std::size_t i = 0; i < bins_; ++i) {
      values_[i] += observation[i] == 0 ? kLogTiny : std::log(observation[i] + kTiny);
      values_[bins_ + i] += unvoiced;
    }
  }
  states_.resize(frames);
  auto state = static_cast<std::size_t>(std::ranges::max_element(values_) - values_.begin());
  for (std::size_t t = frames; t-- > 0;) {
    states_[t] = {state % bins_, state < bins_};
    if (t > 0) state = origins_[t * 2 * bins_ + state];
  }
  return states_;
}

/// Replaces values_ by those of the best way into each state, without its observation.
void PitchPath::step(std::span<std::uint32_t> origins) {
  const std::span<const double> values(values_);
  arrive(values.first(bins_), from_voiced_);
  arrive(values.last(bins_), from_unvoiced_);
  const auto highest = std::ranges::max_element(values_);
  const auto highest_state = static_cast<std::uint32_t>(highest - values_.begin());
  const double from_afar = *highest + kLogTiny;
  const auto choose = [&](std::size_t state, std::size_t bin, double log_voiced,
                          double log_unvoiced) {
    double best = from_voiced_.value[bin] + log_voiced;
    auto origin = static_cast<std::uint32_t>(from_voiced_.from[bin]);
    const double unvoiced = from_unvoiced_.value[bin] + log_unvoiced;
    if (unvoiced > best) {
      best = unvoiced;
      origin =
          static_cast<std::uint32_t>(static_cast<std::size_t>(from_unvoiced_.from[bin]) + bins_);
    }
    if (from_afar > best) {
      best = from_afar;
      origin = highest_state;
    }
    values_[state] = best;
    origins[state] = origin;
  };
  for (std::size_t bin = 0; bin < bins_; ++bin) {
    choose(bin, bin, log_stay_, log_switch_);
    choose(bins_ + bin, bin, log_switch_, log_stay_);
  }
}

void PitchPath::arrive(std::span<const double> previous, Arrivals& arrivals) {
  const std::size_t width = log_steps_.size();
  padded_.assign(bins_ + 2 * width, kNever);
  for (std::size_t i = 0; i < bins_; ++i) padded_[width + i] = previous[i] - log_row_sum_[i];
  arrivals.value.assign(bins_, kNever);
  arrivals.from.assign(bins_, 0);
  // From the lowest origin, that is by the highest step: of equal ways librosa takes the first.
  for (std::size_t i = width; i-- > 0;) {
    const std::ptrdiff_t origin = -(lowest_step_ + static_cast<std::ptrdiff_t>(i));
    const double* from = padded_.data() + static_cast<std::ptrdiff_t>(width) + origin;
    kernels::keep_best(from, log_steps_[i], origin, arrivals.value, arrivals.from);
  }
}

}  // namespace parlando::audio
