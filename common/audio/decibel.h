#pragma once

#include <span>
#include <string>

namespace parlando::audio {

/// The parameters of librosa.power_to_db and amplitude_to_db.
struct DecibelScale {
  double ref = 1;           ///< what 0 dB stands for
  bool ref_is_max = false;  ///< 0 dB is the largest value instead
  double amin = 1e-10;      ///< quieter than this counts as this: silence must stay finite
  double top_db = 80;       ///< nothing lies lower below the largest value; 0 = no such floor
};

/// Sets what 0 dB stands for: "max" or a number above 0. Throws Error(usage) for anything else.
void set_reference(DecibelScale& scale, const std::string& text);

/// librosa.power_to_db in float32: 10 log10(max(amin, power)) - 10 log10(max(amin, ref)), then the
/// floor. `out` may be `power`.
void power_to_db(std::span<const float> power, const DecibelScale& scale, std::span<float> out);

/// librosa.amplitude_to_db: the same of squared amplitudes; ref and amin are amplitudes (librosa's
/// default amin is 1e-5). `out` may be `amplitude`.
void amplitude_to_db(std::span<const float> amplitude, const DecibelScale& scale,
                     std::span<float> out);

}  // namespace parlando::audio
