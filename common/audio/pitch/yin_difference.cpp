#include "common/audio/pitch/yin_difference.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "common/audio/stft.h"
#include "common/core/error.h"

namespace parlando::audio {

std::size_t YinParameters::min_period() const {
  return static_cast<std::size_t>(std::floor(sample_rate / fmax));
}

std::size_t YinParameters::max_period() const {
  return std::min(static_cast<std::size_t>(std::ceil(sample_rate / fmin)), frame_length - 1);
}

void YinParameters::validate() const {
  if (!(fmin > 0) || !(fmin < fmax) || fmax > sample_rate / 2) {
    fail(ErrorKind::usage,
         "pitch between fmin {} and fmax {} Hz: they must be positive, rise and stay within {} Hz, "
         "half the sample rate",
         fmin, fmax, sample_rate / 2);
  }
  if (sample_rate / fmin >= static_cast<double>(frame_length) - 1) {
    fail(ErrorKind::usage,
         "fmin {} Hz is too low for frames of {} samples; use at least {:.3f} Hz or frames of {}",
         fmin, frame_length, sample_rate / (static_cast<double>(frame_length) - 1),
         std::ceil(sample_rate / fmin) + 1);
  }
}

YinDifference::YinDifference(const YinParameters& parameters)
    : parameters_(parameters),
      fft_(std::bit_ceil(2 * parameters.frame_length - 1)),
      inverse_(std::bit_ceil(2 * parameters.frame_length - 1)) {
  parameters.validate();
}

std::size_t YinDifference::start(std::span<const float> signal) {
  const std::size_t margin = parameters_.frame_length / 2;
  padded_.assign(signal.size() + 2 * margin, 0.0F);
  std::ranges::copy(signal, padded_.begin() + static_cast<std::ptrdiff_t>(margin));
  padded_.resize(std::max(padded_.size(), parameters_.frame_length), 0.0F);
  return stft_frames(signal.size(), parameters_.hop);
}

std::span<const double> YinDifference::frame(std::size_t t) {
  const std::span<const float> samples(padded_.data() + t * parameters_.hop,
                                       parameters_.frame_length);
  const std::span<double> input = fft_.input();
  std::fill(std::copy(samples.begin(), samples.end(), input.begin()), input.end(), 0.0);
  std::ranges::transform(fft_.transform(), inverse_.input().begin(),
                         [](std::complex<double> bin) { return std::norm(bin); });
  const std::span<const double> correlation = inverse_.transform();

  // From here on float32, like librosa. Its energy of the samples that a lag leaves out is 0
  // instead of the first square for a lag of 1.
  const std::size_t longest = parameters_.max_period();
  difference_.resize(longest + 1);
  float energy = samples[0] * samples[0];
  float left_out = 0;
  for (std::size_t k = 1; k <= longest; ++k) {
    const float correlated =
        static_cast<float>(correlation[0]) - static_cast<float>(correlation[k]);
    difference_[k] = 2 * correlated - left_out;
    energy += samples[k] * samples[k];
    left_out = energy;
  }
  const std::size_t shortest = std::max<std::size_t>(parameters_.min_period(), 1);
  normalized_.clear();
  float sum = 0;
  for (std::size_t k = 1; k <= longest; ++k) {
    sum += difference_[k];
    if (k < shortest) continue;
    const double mean = static_cast<double>(sum) / static_cast<double>(k);
    normalized_.push_back(static_cast<double>(difference_[k]) /
                          (mean + std::numeric_limits<double>::min()));
  }
  return normalized_;
}

bool is_trough(std::span<const double> values, std::size_t i) {
  const bool below_left = i == 0 || values[i] < values[i - 1];
  if (i + 1 == values.size()) return below_left;
  return below_left && (i == 0 ? values[i] < values[i + 1] : values[i] <= values[i + 1]);
}

double trough_shift(std::span<const double> values, std::size_t i) {
  if (i == 0 || i + 1 == values.size()) return 0;
  const double a = values[i + 1] + values[i - 1] - 2 * values[i];
  const double b = (values[i + 1] - values[i - 1]) / 2;
  return std::abs(b) >= std::abs(a) ? 0 : -b / a;
}

}  // namespace parlando::audio
