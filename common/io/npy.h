#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace parlando {

/// A float32 array in C order, read from or written to NumPy's .npy format (version 1,
/// little-endian).
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

/// Writes float32 .npy atomically.
void write_npy(const std::filesystem::path& path, std::span<const float> values,
               std::span<const std::size_t> shape);

/// Reads float32 or float64 (converted) .npy of either order. Throws Error(artefact) for anything
/// else.
NpyArray read_npy(const std::filesystem::path& path);

}  // namespace parlando
