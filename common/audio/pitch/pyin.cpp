#include "common/audio/pitch/pyin.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace parlando::audio {
namespace {

/// Cumulative distribution of the beta distribution with whole parameters: the probability of at
/// least a successes in a + b - 1 trials. Taken from 1, so that it does not fall near its end.
double beta_cdf(double x, int a, int b) {
  const int trials = a + b - 1;
  double fewer = 0;
  for (int j = 0; j < a; ++j) {
    const double log_choose =
        std::lgamma(trials + 1.0) - std::lgamma(j + 1.0) - std::lgamma(trials - j + 1.0);
    fewer += std::exp(log_choose) * std::pow(x, j) * std::pow(1 - x, trials - j);
  }
  return 1 - fewer;
}

std::size_t pitch_bins(const PyinParameters& parameters, std::size_t bins_per_semitone) {
  const double octaves = std::log2(parameters.yin.fmax / parameters.yin.fmin);
  return static_cast<std::size_t>(
             std::floor(static_cast<double>(12 * bins_per_semitone) * octaves)) +
         1;
}

/// Bins that the pitch may reach from one frame to the next, itself in the middle.
std::size_t transition_width(const PyinParameters& parameters, std::size_t bins_per_semitone) {
  const double semitones =
      std::nearbyint(parameters.max_transition_rate * 12 * static_cast<double>(parameters.yin.hop) /
                     parameters.yin.sample_rate);
  return static_cast<std::size_t>(semitones) * bins_per_semitone + 1;
}

}  // namespace

Pyin::Pyin(const PyinParameters& parameters)
    : parameters_(parameters),
      difference_(parameters.yin),
      bins_per_semitone_(static_cast<std::size_t>(std::ceil(1 / parameters.resolution))),
      bins_(pitch_bins(parameters, bins_per_semitone_)),
      path_(bins_, transition_width(parameters, bins_per_semitone_), parameters.switch_prob) {
  const auto n = static_cast<double>(parameters.n_thresholds);
  for (std::size_t j = 0; j < parameters.n_thresholds; ++j) {
    const double from = beta_cdf(static_cast<double>(j) / n, parameters.beta_a, parameters.beta_b);
    const double to =
        beta_cdf(static_cast<double>(j + 1) / n, parameters.beta_a, parameters.beta_b);
    threshold_prior_.push_back(std::max(to - from, 0.0));
  }
}

void Pyin::compute(std::span<const float> signal, PitchTrack& track) {
  const std::size_t frames = difference_.start(signal);
  observations_.assign(frames * bins_, 0.0);
  voiced_.resize(frames);
  for (std::size_t t = 0; t < frames; ++t) voiced_[t] = observe(t);
  const std::vector<PitchState>& states = path_.decode(observations_, voiced_);
  track.f0.resize(frames);
  track.voiced.resize(frames);
  track.voiced_probability.assign(voiced_.begin(), voiced_.end());
  const auto bins_per_octave = static_cast<double>(12 * bins_per_semitone_);
  for (std::size_t t = 0; t < frames; ++t) {
    track.voiced[t] = states[t].voiced;
    const double octaves = static_cast<double>(states[t].bin) / bins_per_octave;
    track.f0[t] = states[t].voiced
                      ? static_cast<float>(parameters_.yin.fmin * std::pow(2.0, octaves))
                      : std::numeric_limits<float>::quiet_NaN();
  }
}

double Pyin::observe(std::size_t t) {
  const std::span<const double> values = difference_.frame(t);
  weigh_troughs(values);
  const std::span<double> row(observations_.data() + t * bins_, bins_);
  for (std::size_t i = 0; i < troughs_.size(); ++i) {
    if (weights_[i] == 0) continue;
    const std::size_t trough = troughs_[i];
    const double period =
        static_cast<double>(parameters_.yin.min_period() + trough) + trough_shift(values, trough);
    const double octaves = std::log2(parameters_.yin.sample_rate / period / parameters_.yin.fmin);
    const double bin = std::nearbyint(static_cast<double>(12 * bins_per_semitone_) * octaves);
    // librosa drops a pitch one bin above the grid and beyond.
    if (bin < static_cast<double>(bins_)) {
      row[static_cast<std::size_t>(std::max(bin, 0.0))] = weights_[i];
    }
  }
  double voiced = 0;
  for (const double probability : row) voiced += probability;
  return std::clamp(voiced, 0.0, 1.0);
}

/// Fills troughs_ and the probability that each of them is the period.
void Pyin::weigh_troughs(std::span<const double> values) {
  troughs_.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_trough(values, i)) troughs_.push_back(i);
  }
  weights_.assign(troughs_.size(), 0.0);
  if (troughs_.empty()) return;
  const double lambda = parameters_.boltzmann_parameter;
  const auto n = static_cast<double>(parameters_.n_thresholds);
  for (std::size_t j = 0; j < parameters_.n_thresholds; ++j) {
    const double threshold = static_cast<double>(j + 1) / n;
    std::size_t below = 0;
    for (const std::size_t trough : troughs_) below += values[trough] < threshold ? 1 : 0;
    if (below == 0) continue;
    // The Boltzmann distribution over the troughs below the threshold prefers short periods.
    const double scale =
        (1 - std::exp(-lambda)) / (1 - std::exp(-lambda * static_cast<double>(below)));
    std::size_t position = 0;
    for (std::size_t i = 0; i < troughs_.size() && position < below; ++i) {
      if (!(values[troughs_[i]] < threshold)) continue;
      weights_[i] +=
          scale * std::exp(-lambda * static_cast<double>(position)) * threshold_prior_[j];
      ++position;
    }
  }
  const auto deepest = std::ranges::min_element(
      troughs_, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  double prior_without = 0;
  for (std::size_t j = 0; j < parameters_.n_thresholds; ++j) {
    if (values[*deepest] < static_cast<double>(j + 1) / n) break;
    prior_without += threshold_prior_[j];
  }
  weights_[static_cast<std::size_t>(deepest - troughs_.begin())] +=
      parameters_.no_trough_prob * prior_without;
}

}  // namespace parlando::audio
