#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/io/json.h"
#include "train/data/normalization.h"
#include "train/model/classifier.h"
#include "train/run/train_config.h"

namespace parlando::train {

/// All that is needed to use a trained network: model.safetensors (parameters, moving statistics,
/// normalisation) and model.json (recipe, input, classes, network).
struct ModelFolder {
  std::string name;
  std::vector<std::string> classes;
  std::string recipe;  ///< effective preprocess configuration, YAML
  std::vector<std::string> row_names;
  InputShape input;
  ModelConfig model;
  Normalization normalization;
  std::string data_hash;  ///< id of the dataset that it was trained on
};

void write_model_folder(const std::filesystem::path& folder, const ModelFolder& description,
                        const Classifier& model);

/// Reads description and network. Throws Error(artefact) naming the file and what to do.
struct LoadedModel {
  ModelFolder description;
  Classifier model;
};
LoadedModel read_model_folder(const std::filesystem::path& folder);

}  // namespace parlando::train
