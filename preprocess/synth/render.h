#pragma once

#include <cstdint>
#include <vector>

#include "preprocess/synth/performance.h"

namespace parlando::preprocess {

/// Sound of one channel: Performance::samples values, 16 bits, the largest at Performance::peak.
/// A function of its arguments alone; `seed` and `stream` (SynthClip::code) choose the noise.
std::vector<std::int16_t> render(const Performance& performance, std::uint64_t seed,
                                 std::uint64_t stream);

}  // namespace parlando::preprocess
