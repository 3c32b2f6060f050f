#pragma once

#include <span>

namespace parlando::audio {

/// What 0 dB stands for.
enum class Reference {
  one,      ///< a power of 1
  maximum,  ///< the largest value of the clip
};

/// librosa.power_to_db in float32: 10 log10(max(1e-10, power)) - 10 log10(max(1e-10, ref)), then
/// nothing lower than `top_db` below the largest value (0 = no such floor). `out` may be `power`.
void power_to_db(std::span<const float> power, Reference reference, double top_db,
                 std::span<float> out);

}  // namespace parlando::audio
