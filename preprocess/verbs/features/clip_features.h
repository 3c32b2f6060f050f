#pragma once

#include <filesystem>
#include <string>

#include "common/audio/feature_extractor.h"

namespace parlando::preprocess {

/// Features of one file, or the stage of that name if it is not empty: values are [rows, frames].
/// The clip's id is the file's name without its ending.
/// Throws Error(data) naming the file, Error(usage) for an unknown stage.
audio::FeatureMatrix clip_features(const audio::FeatureRecipe& recipe,
                                   const std::filesystem::path& clip, const std::string& stage);

}  // namespace parlando::preprocess
