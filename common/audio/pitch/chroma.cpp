#include "common/audio/pitch/chroma.h"

#include <algorithm>
#include <cmath>

#include "common/audio/kernels.h"

namespace parlando::audio {
namespace {

/// Estimated tunings are hundredths: more filterbanks are met only with other resolutions.
constexpr std::size_t kKeptFilterbanks = 128;

/// numpy.remainder: the sign of the divisor.
double remainder(double a, double b) {
  const double result = std::fmod(a, b);
  return result < 0 ? result + b : result;
}

}  // namespace

std::vector<float> chroma_filterbank(const ChromaParameters& parameters, double tuning) {
  const std::size_t n_fft = parameters.n_fft;
  const auto n_chroma = static_cast<double>(parameters.n_chroma);
  const double a440 = 440 * std::pow(2.0, tuning / n_chroma);
  // Position of each bin on the scale of pitch classes; 0 Hz stands one and a half octaves below
  // the first bin.
  std::vector<double> position(n_fft / 2 + 2);
  for (std::size_t k = 1; k < position.size(); ++k) {
    const double hz =
        static_cast<double>(k) * (parameters.sample_rate / static_cast<double>(n_fft));
    position[k] = n_chroma * std::log2(hz / (a440 / 16));
  }
  position[0] = position[1] - 1.5 * n_chroma;

  const std::size_t bins = n_fft / 2 + 1;
  const double half = std::nearbyint(n_chroma / 2);
  const std::size_t roll = parameters.base_c ? 3 * (parameters.n_chroma / 12) : 0;
  std::vector<float> weights(parameters.n_chroma * bins);
  std::vector<double> column(parameters.n_chroma);
  for (std::size_t k = 0; k < bins; ++k) {
    const double width = std::max(position[k + 1] - position[k], 1.0);
    for (std::size_t c = 0; c < column.size(); ++c) {
      const double distance =
          remainder(position[k] - static_cast<double>(c) + half + 10 * n_chroma, n_chroma) - half;
      const double scaled = 2 * distance / width;
      column[c] = std::exp(-0.5 * scaled * scaled);
    }
    normalize<double>(column, Norm::euclidean);
    double octave = 1;
    if (parameters.octwidth > 0) {
      const double from_centre = (position[k] / n_chroma - parameters.ctroct) / parameters.octwidth;
      octave = std::exp(-0.5 * from_centre * from_centre);
    }
    for (std::size_t c = 0; c < column.size(); ++c) {
      const double weight = column[(c + roll) % column.size()] * octave;
      weights[c * bins + k] = static_cast<float>(weight);
    }
  }
  return weights;
}

ChromaStft::ChromaStft(const ChromaParameters& parameters, Norm norm)
    : parameters_(parameters),
      norm_(norm),
      padded_bins_((parameters.n_fft / 2 + kernels::kLanes) / kernels::kLanes * kernels::kLanes) {}

void ChromaStft::apply(const Spectrogram& power, std::optional<double> tuning,
                       Spectrogram& chroma) {
  if (!tuning) {
    const PiptrackParameters piptrack{.sample_rate = parameters_.sample_rate,
                                      .n_fft = parameters_.n_fft};
    tuning = estimator_.estimate(power, piptrack, static_cast<int>(parameters_.n_chroma));
  }
  const std::vector<float>& weights = filterbank(*tuning);
  const std::size_t rows = parameters_.n_chroma;
  chroma.reshape(power.frames, rows, kernels::padded_width(rows));
  for (std::size_t t = 0; t < power.frames; ++t) {
    const std::span<float> out = chroma.frame(t);
    for (std::size_t c = 0; c < rows; ++c) {
      out[c] = kernels::dot(power.frame(t).data(), weights.data() + c * padded_bins_, padded_bins_);
    }
    normalize(out, norm_);
  }
}

const std::vector<float>& ChromaStft::filterbank(double tuning) {
  const auto found = filterbanks_.find(tuning);
  if (found != filterbanks_.end()) return found->second;
  if (filterbanks_.size() >= kKeptFilterbanks) filterbanks_.clear();
  const std::size_t bins = parameters_.n_fft / 2 + 1;
  const std::vector<float> dense = chroma_filterbank(parameters_, tuning);
  std::vector<float> padded(parameters_.n_chroma * padded_bins_, 0.0F);
  for (std::size_t c = 0; c < parameters_.n_chroma; ++c) {
    std::copy_n(dense.begin() + static_cast<std::ptrdiff_t>(c * bins), bins,
                padded.begin() + static_cast<std::ptrdiff_t>(c * padded_bins_));
  }
  return filterbanks_.emplace(tuning, std::move(padded)).first->second;
}

}  // namespace parlando::audio
