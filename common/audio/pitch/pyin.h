#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/audio/pitch/pitch_path.h"
#include "common/audio/pitch/yin_difference.h"

namespace parlando::audio {

struct PyinParameters {
  YinParameters yin;
  std::size_t n_thresholds = 100;
  int beta_a = 2;  ///< the thresholds' prior is the beta distribution (a, b)
  int beta_b = 18;
  double boltzmann_parameter = 2;      ///< how much earlier troughs are preferred
  double resolution = 0.1;             ///< of the pitch grid, semitones
  double max_transition_rate = 35.92;  ///< octaves a second
  double switch_prob = 0.01;           ///< probability of voiced to unvoiced and back
  double no_trough_prob = 0.01;  ///< probability given to the lowest value if no trough is below

  bool operator==(const PyinParameters&) const = default;
};

/// What pYIN says of each frame.
struct PitchTrack {
  std::vector<float> f0;  ///< Hz; NaN where unvoiced
  std::vector<bool> voiced;
  std::vector<float> voiced_probability;
};

/// librosa.pyin (Mauch and Dixon 2014): YIN's candidates under a distribution of thresholds, and
/// the likeliest path through them (Viterbi). Keeps its buffers. Not thread-safe.
class Pyin {
 public:
  /// Throws Error(usage) like YinParameters::validate(), or if a frame's largest step is wider than
  /// the pitch grid.
  explicit Pyin(const PyinParameters& parameters);

  void compute(std::span<const float> signal, PitchTrack& track);

 private:
  /// Fills row t of observations_ and returns the probability that the frame is voiced.
  double observe(std::size_t t);
  void weigh_troughs(std::span<const double> values);

  PyinParameters parameters_;
  YinDifference difference_;
  std::size_t bins_per_semitone_;
  std::size_t bins_;
  PitchPath path_;
  std::vector<double> threshold_prior_;
  std::vector<std::size_t> troughs_;
  std::vector<double> weights_;
  /// Probability of each pitch bin, [frames, bins].
  std::vector<double> observations_;
  std::vector<double> voiced_;
};

}  // namespace parlando::audio
