#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "common/audio/decode.h"
#include "common/audio/recipe.h"

namespace parlando::golden {

/// Names of the eight clips of RAVDESS that golden/clips has.
const std::vector<std::string>& clip_names();

/// The 48 kHz original of a clip, in the folder that RAVDESS_48K names (default: $RAVDESS with
/// "-48k" behind it); empty if neither variable is set.
std::filesystem::path original_of(const std::string& clip);

/// golden/NAME, a waveform at 22050 Hz, as if it had been decoded.
audio::DecodedAudio waveform_of(const std::string& name);

/// librosa.load(sr=22050) and log_mel with librosa's defaults, the whole clip.
audio::FeatureRecipe whole_clip();

/// The mel128 recipe: 3 s, 66150 samples, 128 bands, 0 dB at the clip's maximum.
audio::FeatureRecipe recipe_a();

/// The mfcc121 recipe: trimmed, 40 MFCC with two deltas, RMS.
audio::FeatureRecipe recipe_b();

/// The message of the Error(data) that `work` throws; "" if it throws none.
std::string error_of(const std::function<void()>& work);

/// "03-01-..." as a name that GoogleTest accepts.
std::string test_name(std::string name);

}  // namespace parlando::golden
