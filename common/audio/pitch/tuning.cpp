#include "common/audio/pitch/tuning.h"

#include <algorithm>
#include <cmath>

#include "common/audio/pitch/kernels.h"
#include "common/audio/pitch/parabola.h"

namespace parlando::audio {
namespace {

/// numpy.median.
float median(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

}  // namespace

void piptrack(const Spectrogram& spectrogram, const PiptrackParameters& parameters,
              std::vector<SpectralPeak>& peaks) {
  peaks.clear();
  const double fmin = std::max(parameters.fmin, 0.0);
  const double fmax = std::min(parameters.fmax, parameters.sample_rate / 2);
  const double step = 1 / (static_cast<double>(parameters.n_fft) * (1 / parameters.sample_rate));
  const std::size_t last = spectrogram.rows - 1;
  // The first bin is never a peak.
  std::size_t begin = 1;
  while (begin <= last && static_cast<double>(begin) * step < fmin) ++begin;
  std::size_t end = begin;
  while (end <= last && static_cast<double>(end) * step < fmax) ++end;
  for (std::size_t t = 0; t < spectrogram.frames; ++t) {
    const std::span<const float> s = spectrogram.frame(t);
    const float floor = static_cast<float>(parameters.threshold) * kernels::maximum(s);
    // librosa silences what does not exceed the floor before it looks for maxima.
    const auto audible = [&](std::size_t k) { return s[k] > floor ? s[k] : 0.0F; };
    for (std::size_t k = begin; k < end; ++k) {
      if (!(s[k] > floor) || !(s[k] > audible(k - 1))) continue;
      if (k < last && !(s[k] >= audible(k + 1))) continue;
      const float slope = k < last ? (s[k + 1] - s[k - 1]) / 2 : s[k] - s[k - 1];
      const float shift = k < last ? parabolic_shift(s[k - 1], s[k], s[k + 1]) : 0.0F;
      const double bin = static_cast<double>(k) + static_cast<double>(shift);
      const double hz = bin * parameters.sample_rate / static_cast<double>(parameters.n_fft);
      peaks.push_back({t, static_cast<float>(hz), s[k] + 0.5F * slope * shift});
    }
  }
}

double pitch_tuning(std::span<const float> hz, int bins_per_octave, double resolution) {
  const auto cells = static_cast<std::size_t>(std::ceil(1 / resolution));
  const double width = 1 / static_cast<double>(cells);
  const auto edge = [&](std::size_t i) {
    return i == cells ? 0.5 : -0.5 + static_cast<double>(i) * width;
  };
  std::vector<std::size_t> counts(cells, 0);
  bool any = false;
  for (const float frequency : hz) {
    if (!(frequency > 0)) continue;
    any = true;
    const float bins = static_cast<float>(bins_per_octave) * std::log2(frequency / 27.5F);
    float residual = bins - std::floor(bins);
    if (residual >= 0.5F) residual -= 1;
    const auto value = static_cast<double>(residual);
    auto cell = std::min(static_cast<std::size_t>((value + 0.5) / width), cells - 1);
    while (cell > 0 && value < edge(cell)) --cell;
    while (cell + 1 < cells && value >= edge(cell + 1)) ++cell;
    ++counts[cell];
  }
  if (!any) return 0;
  const auto fullest = std::max_element(counts.begin(), counts.end());
  return edge(static_cast<std::size_t>(fullest - counts.begin()));
}

double TuningEstimator::estimate(const Spectrogram& spectrogram,
                                 const PiptrackParameters& parameters, int bins_per_octave,
                                 double resolution) {
  piptrack(spectrogram, parameters, peaks_);
  heights_.clear();
  for (const SpectralPeak& peak : peaks_) {
    if (peak.hz > 0) heights_.push_back(peak.magnitude);
  }
  if (heights_.empty()) return 0;
  const float threshold = median(heights_);
  hz_.clear();
  for (const SpectralPeak& peak : peaks_) {
    if (peak.hz > 0 && peak.magnitude >= threshold) hz_.push_back(peak.hz);
  }
  return pitch_tuning(hz_, bins_per_octave, resolution);
}

}  // namespace parlando::audio
