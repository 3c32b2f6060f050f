#pragma once

#include <cstdint>
#include <span>

namespace parlando::audio {

/// Fills `noise` with white Gaussian noise: a function of `seed`.
void fill_white_noise(std::uint64_t seed, std::span<float> noise);

/// Fills `noise` with Gaussian noise whose power falls by 3 dB an octave: a function of `seed` and
/// the length. Beyond 2^18 samples it repeats.
void fill_pink_noise(std::uint64_t seed, std::span<float> noise);

/// Fills `out` with a recording from `start`, a share of its length in [0, 1), and from its
/// beginning again where it is too short. The recording is not empty.
void fill_from_recording(std::span<const float> recording, double start, std::span<float> out);

/// Mean of the squares; 0 for an empty waveform.
double mean_power(std::span<const float> waveform);

/// Adds `noise`, as long as the waveform, so loud that the waveform's power stands `snr_db` above
/// the noise's. Leaves the waveform as it is if either is silent.
void add_noise(std::span<const float> noise, double snr_db, std::span<float> waveform);

}  // namespace parlando::audio
