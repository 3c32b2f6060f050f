#pragma once

#include <string>
#include <vector>

#include "train/data/normalization.h"
#include "train/network/model_config.h"
#include "train/network/network_plan.h"

namespace parlando::train {

/// What has to be known of a trained network besides its tensors, to use it.
struct ModelDescription {
  std::string name;
  std::vector<std::string> classes;
  std::string recipe;  ///< effective preprocess configuration, YAML
  std::vector<std::string> row_names;
  InputShape input;
  ModelConfig model;
  Normalization normalization;
  std::string data_hash;  ///< id of the dataset that it was trained on
};

}  // namespace parlando::train
