#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace parlando::test {

struct MadeUpModel {
  std::string recipe;  ///< preprocess configuration, YAML
  std::int64_t frames = 32;
  bool mask = false;
};

/// Writes a model folder: a small network with drawn weights, three classes, and a normalisation
/// that changes every value.
void write_model(const std::filesystem::path& folder, const MadeUpModel& model);

}  // namespace parlando::test
