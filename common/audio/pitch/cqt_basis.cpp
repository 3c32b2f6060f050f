#include "common/audio/pitch/cqt_basis.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "common/audio/fft.h"
#include "common/audio/pitch/kernels.h"
#include "common/audio/stft.h"

namespace parlando::audio {
namespace {

/// Equivalent noise bandwidth of the Hann window in bins, as librosa tabulates it.
constexpr double kHannBandwidth = 1.50018310546875;

/// The spectrum of one filter: bins 0 .. n_fft / 2 of the transform of a windowed tone in
/// complex64.
class FilterSpectrum {
 public:
  explicit FilterSpectrum(std::size_t n_fft) : n_fft_(n_fft), re_(n_fft), im_(n_fft) {}

  std::span<const std::complex<float>> compute(double length, double cycles) {
    const double begin = std::floor(-length / 2);
    const auto samples = static_cast<std::size_t>(std::floor(length / 2) - begin);
    const std::vector<double> window = periodic_hann(samples);
    std::vector<std::complex<double>> tone(samples);
    double sum = 0;
    for (std::size_t i = 0; i < samples; ++i) {
      const double angle = (begin + static_cast<double>(i)) * 2 * std::numbers::pi * cycles;
      tone[i] = {std::cos(angle) * window[i], std::sin(angle) * window[i]};
      sum += std::abs(tone[i]);
    }
    std::ranges::fill(re_.input(), 0.0);
    std::ranges::fill(im_.input(), 0.0);
    const double gain = length / static_cast<double>(n_fft_);
    const std::size_t margin = (n_fft_ - samples) / 2;
    for (std::size_t i = 0; i < samples; ++i) {
      // librosa keeps the filter in complex64 before and after it is scaled.
      const std::complex<float> value(tone[i] / sum);
      re_.input()[margin + i] =
          static_cast<double>(static_cast<float>(static_cast<double>(value.real()) * gain));
      im_.input()[margin + i] =
          static_cast<double>(static_cast<float>(static_cast<double>(value.imag()) * gain));
    }
    const std::span<const std::complex<double>> re = re_.transform();
    const std::span<const std::complex<double>> im = im_.transform();
    spectrum_.resize(re.size());
    for (std::size_t k = 0; k < re.size(); ++k) {
      spectrum_[k] = std::complex<float>(re[k] + std::complex<double>(0, 1) * im[k]);
    }
    return spectrum_;
  }

 private:
  std::size_t n_fft_;
  RealFft re_;
  RealFft im_;
  std::vector<std::complex<float>> spectrum_;
};

/// librosa.util.sparsify_rows: the magnitude below which values go, so that those dropped sum up to
/// less than `share` of all.
float smallest_kept(std::span<const std::complex<float>> spectrum, double share) {
  std::vector<float> magnitudes;
  float sum = 0;
  for (const std::complex<float> value : spectrum) {
    magnitudes.push_back(std::abs(value));
    sum += magnitudes.back();
  }
  std::ranges::sort(magnitudes);
  float dropped = 0;
  for (const float magnitude : magnitudes) {
    dropped += magnitude / sum;
    if (!(static_cast<double>(dropped) < share)) return magnitude;
  }
  return 0;
}

}  // namespace

CqtFilters::CqtFilters(const CqtParameters& parameters, double tuning) {
  const auto per_octave = static_cast<double>(parameters.bins_per_octave);
  const double fmin = parameters.fmin * std::pow(2.0, tuning / per_octave);
  std::vector<double> octaves;
  for (std::size_t i = 0; i < parameters.n_bins; ++i) {
    const std::size_t octave = i / parameters.bins_per_octave;
    const std::size_t step = i % parameters.bins_per_octave;
    hz.push_back(std::pow(2.0, static_cast<double>(octave)) *
                 std::pow(2.0, static_cast<double>(step) / per_octave) * fmin);
    octaves.push_back(std::log2(hz.back()));
  }
  alpha.resize(hz.size());
  for (std::size_t i = 0; i < hz.size(); ++i) {
    double bin = 1 / per_octave;
    if (hz.size() > 1) {
      const std::size_t left = i == 0 ? 0 : i - 1;
      const std::size_t right = std::min(i + 1, hz.size() - 1);
      bin = (octaves[right] - octaves[left]) / static_cast<double>(right - left);
    }
    const double ratio = std::pow(2.0, 2 * bin);
    alpha[i] = (ratio - 1) / (ratio + 1);
  }
}

double CqtFilters::length(std::size_t i, double sample_rate, double filter_scale) const {
  return filter_scale / alpha[i] * sample_rate / hz[i];
}

double CqtFilters::cutoff(double filter_scale) const {
  double highest = 0;
  for (std::size_t i = 0; i < hz.size(); ++i) {
    highest = std::max(highest, hz[i] * (1 + 0.5 * kHannBandwidth * alpha[i] / filter_scale));
  }
  return highest;
}

CqtBasis::CqtBasis(const CqtFilters& filters, std::size_t begin, std::size_t end,
                   double sample_rate, const CqtParameters& parameters) {
  double longest = 0;
  for (std::size_t i = begin; i < end; ++i) {
    longest = std::max(longest, filters.length(i, sample_rate, parameters.filter_scale));
  }
  n_fft = std::max<std::size_t>(2, std::bit_ceil(static_cast<std::size_t>(std::ceil(longest))));
  FilterSpectrum spectrum_of(n_fft);
  std::vector<std::vector<std::complex<float>>> kept;
  for (std::size_t i = begin; i < end; ++i) {
    const double length = filters.length(i, sample_rate, parameters.filter_scale);
    const auto spectrum = spectrum_of.compute(length, filters.hz[i] / sample_rate);
    const float threshold = smallest_kept(spectrum, parameters.sparsity);
    const auto is_kept = [&](std::complex<float> value) { return std::abs(value) >= threshold; };
    const auto from = std::ranges::find_if(spectrum, is_kept);
    const auto to = std::find_if(spectrum.rbegin(), spectrum.rend(), is_kept).base();
    first.push_back(static_cast<std::size_t>(from - spectrum.begin()));
    kept.emplace_back(from, to);
    for (std::complex<float>& value : kept.back()) {
      if (!is_kept(value)) value = 0;
    }
    taps = std::max(taps, kept.back().size());
  }
  taps = (taps + kernels::kTapLanes - 1) / kernels::kTapLanes * kernels::kTapLanes;
  for (const auto& filter : kept) {
    for (std::size_t k = 0; k < taps; ++k) {
      const std::complex<float> value = k < filter.size() ? filter[k] : 0;
      re.push_back(value.real());
      im.push_back(value.imag());
    }
  }
}

std::size_t CqtBasis::last_bin() const {
  return *std::ranges::max_element(first) + taps;
}

}  // namespace parlando::audio
