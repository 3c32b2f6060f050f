#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/io/json.h"

namespace parlando::data {

/// An operation on normalised features that a variant row names and the loader applies: a function
/// of its fields alone.
struct RowOperation {
  std::string op;           ///< "noise", "time_mask" or "freq_mask"
  std::uint64_t seed = 0;   ///< noise: of the stream of draws
  double std = 0;           ///< noise: standard deviation, in units of the normalised features
  std::int64_t start = 0;   ///< masks: first frame or row
  std::int64_t frames = 0;  ///< time_mask: frames set to 0
  std::int64_t rows = 0;    ///< freq_mask: rows set to 0
};

/// JSON object and back; `source` names it in errors. Throws Error(artefact) for an unknown
/// operation.
Json row_operation_to_json(const RowOperation& operation);
RowOperation row_operation_from_json(const Json& json, const std::string& source);

/// Applies to features, time-major [frames, rows], in place. Frames and rows beyond the end are
/// ignored.
void apply_row_operation(const RowOperation& operation, std::span<float> features,
                         std::size_t rows);

}  // namespace parlando::data
