#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "train/model/classifier.h"

namespace parlando::train {

/// Tensors and texts of one .safetensors file (8-byte header length, JSON header, raw little-endian
/// data): readable by the safetensors package of Python.
struct SafetensorsFile {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;

  /// Throws Error(artefact) if there is no such tensor.
  const at::Tensor& at(const std::string& name) const;
  std::string source;
};

/// Writes float32, float64, int64 and uint8 tensors atomically.
void write_safetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata);

/// Throws Error(artefact) naming file and defect.
SafetensorsFile read_safetensors(const std::filesystem::path& path);

}  // namespace parlando::train
