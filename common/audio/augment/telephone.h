#pragma once

#include <cstdint>
#include <vector>

#include "common/audio/resampler.h"

namespace parlando::audio {

/// G.711 mu-law: a sample of [-1, 1] to its 8-bit code and back (ITU-T G.711, table 2).
std::uint8_t mu_law_encode(float sample);
float mu_law_decode(std::uint8_t code);

/// Makes a waveform sound as over an old telephone line: resampled to 8 kHz, 300 to 3400 Hz, 8-bit
/// mu-law, back to its own rate. Not thread-safe.
class Telephone {
 public:
  explicit Telephone(std::int64_t sample_rate);

  /// Keeps the length.
  void apply(std::vector<float>& waveform);

 private:
  std::int64_t sample_rate_;
  Resampler down_;
  Resampler up_;
  std::vector<double> band_;  ///< taps of the band filter, symmetric, an odd number
  std::vector<float> line_;   ///< the waveform at 8 kHz
};

}  // namespace parlando::audio
