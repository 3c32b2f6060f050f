#pragma once

#include <filesystem>

#include "train/model/classifier.h"
#include "train/run/model_description.h"

namespace parlando::train {

/// Writes all that is needed to use a trained network: model.safetensors (parameters, moving
/// statistics, normalisation) and model.json (recipe, input, classes, network).
void write_model_folder(const std::filesystem::path& folder, const ModelDescription& description,
                        const Classifier& model);

/// Reads description and network. Throws Error(artefact) naming the file and what to do, for a
/// folder that holds no model, an old or a damaged one.
struct LoadedModel {
  ModelDescription description;
  Classifier model;
};
LoadedModel read_model_folder(const std::filesystem::path& folder);

}  // namespace parlando::train
