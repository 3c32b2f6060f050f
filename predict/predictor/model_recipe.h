#pragma once

#include <filesystem>

#include "common/audio/recipe.h"
#include "train/run/model_description.h"

namespace parlando::predict {

/// The folder model/ of a run, or `path` itself if it is one. Throws Error(artefact) saying what to
/// give if it holds no model.
std::filesystem::path find_model_folder(const std::filesystem::path& path);

/// How the clips of a model's dataset became features. `source` names the model in errors. Throws
/// Error(artefact) if this program can't make those features, Error(usage) if no program can from a
/// recording alone: arrays of another program are part of them.
audio::FeatureRecipe recipe_of(const train::ModelDescription& description,
                               const std::string& source);

}  // namespace parlando::predict
