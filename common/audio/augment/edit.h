#pragma once

#include <cstdint>
#include <span>

namespace parlando::audio {

/// Multiplies by 10^(db / 20).
void apply_gain(double db, std::span<float> waveform);

/// Moves the waveform by `samples`, later if positive. What enters is zeros, or with `roll` what
/// left at the other end.
void shift_waveform(std::int64_t samples, bool roll, std::span<float> waveform);

/// Sets a piece of `fraction` of the samples to 0; `position` in [0, 1) says where among the places
/// that it fits.
void mask_waveform(double fraction, double position, std::span<float> waveform);

}  // namespace parlando::audio
