#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace parlando::data {

/// An operation on normalised features that a variant row names and the loader applies: a function
/// of its fields alone.
struct RowOperation {
  std::string op;           ///< "noise" or "time_mask"
  std::uint64_t seed = 0;   ///< noise: of the stream of draws
  double std = 0;           ///< noise: standard deviation, in units of the normalised features
  std::int64_t start = 0;   ///< time_mask: first frame
  std::int64_t frames = 0;  ///< time_mask: frames set to 0
};

/// Compact JSON and back. Throws Error(artefact) for an unknown operation.
std::string row_operation_to_text(const RowOperation& operation);
RowOperation row_operation_from_text(const std::string& text);

/// Applies to features, time-major [frames, rows], in place. Frames beyond the end are ignored.
void apply_row_operation(const RowOperation& operation, std::span<float> features,
                         std::size_t rows);

}  // namespace parlando::data
