#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/audio/fft.h"

namespace parlando::audio {

/// A made-up impulse response of a room: a direct sound of 1, then Gaussian noise that decays by 60
/// dB in `rt60` seconds, its energy `direct_db` below the direct sound's. A function of its
/// arguments; `rt60 * sample_rate` samples long.
std::vector<float> generate_response(double rt60, double direct_db, std::int64_t sample_rate,
                                     std::uint64_t seed);

/// A recorded response from its loudest sample, the direct sound, on: so that convolution does not
/// delay the waveform. Empty if all is zero.
std::span<const float> from_direct_sound(std::span<const float> response);

/// Convolves with room responses by FFT in blocks (overlap-add). Keeps its plans. Not thread-safe.
class RoomConvolver {
 public:
  /// Length and mean power of the waveform stay what they are.
  void apply(std::span<const float> response, std::vector<float>& waveform);

 private:
  void prepare(std::size_t response);

  std::size_t size_ = 0;  ///< of the transforms
  std::unique_ptr<RealFft> forward_;
  std::unique_ptr<InverseRealFft> backward_;
};

}  // namespace parlando::audio
