#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace parlando::audio {

struct PitchState {
  std::size_t bin = 0;
  bool voiced = false;
};

/// The likeliest path through pitch bins that are voiced or unvoiced (Viterbi), as librosa.pyin has
/// it: within a triangle of bins from frame to frame, and from voiced to unvoiced and back with the
/// switch probability; every other step has the smallest normal probability instead of none. Keeps
/// its buffers. Not thread-safe.
class PitchPath {
 public:
  /// `width` bins, itself included, are reached from a bin. Throws Error(usage) if that is more
  /// than `bins`.
  PitchPath(std::size_t bins, std::size_t width, double switch_probability);

  /// `observations` [frames, bins] are the probabilities of voiced bins; what `voiced` [frames]
  /// leaves to 1 is shared by the unvoiced ones. Valid until the next call.
  const std::vector<PitchState>& decode(std::span<const double> observations,
                                        std::span<const double> voiced);

 private:
  /// Best way into each bin from one half (voiced or unvoiced) of the previous frame's states.
  struct Arrivals {
    std::vector<double> value;
    std::vector<std::int64_t> from;
  };
  void step(std::span<std::uint32_t> origins);
  void arrive(std::span<const double> previous, Arrivals& arrivals);

  std::size_t bins_;
  std::ptrdiff_t lowest_step_;
  std::vector<double> log_steps_;  ///< of the steps lowest_step_, lowest_step_ + 1, ...
  std::vector<double> log_row_sum_;
  double log_stay_;
  double log_switch_;
  std::vector<double> values_;  ///< of the voiced bins, then of the unvoiced
  std::vector<double> padded_;
  Arrivals from_voiced_;
  Arrivals from_unvoiced_;
  std::vector<std::uint32_t> origins_;
  std::vector<PitchState> states_;
};

}  // namespace parlando::audio
