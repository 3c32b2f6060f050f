#include "common/data/row_operation.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/random.h"
#include "common/io/json.h"

namespace parlando::data {
namespace {

constexpr const char* kNoise = "noise";
constexpr const char* kTimeMask = "time_mask";
constexpr const char* kFreqMask = "freq_mask";

[[noreturn]] void fail_unknown(const std::string& op) {
  fail(ErrorKind::artefact,
       "row operation '{}' is not known to this program ('noise', 'time_mask', 'freq_mask' are); "
       "the dataset was written by another version",
       op);
}

/// [start, start + length) cut to [0, end).
struct Range {
  std::size_t first, last;
};
Range clip_range(std::int64_t start, std::int64_t length, std::size_t end) {
  const std::size_t first = std::min(static_cast<std::size_t>(start), end);
  return {first, first + std::min(static_cast<std::size_t>(length), end - first)};
}

}  // namespace

Json row_operation_to_json(const RowOperation& operation) {
  Json json{{"op", operation.op}};
  if (operation.op == kNoise) {
    json["std"] = operation.std;
    json["seed"] = operation.seed;
  } else if (operation.op == kTimeMask) {
    json["start"] = operation.start;
    json["frames"] = operation.frames;
  } else if (operation.op == kFreqMask) {
    json["start"] = operation.start;
    json["rows"] = operation.rows;
  } else {
    fail_unknown(operation.op);
  }
  return json;
}

RowOperation row_operation_from_json(const Json& json, const std::string& source) {
  if (!json.is_object()) fail(ErrorKind::artefact, "{}: not an object", source);
  RowOperation operation;
  operation.op = json_get<std::string>(json, "op", source);
  if (operation.op == kNoise) {
    operation.std = json_get<double>(json, "std", source);
    operation.seed = json_get<std::uint64_t>(json, "seed", source);
  } else if (operation.op == kTimeMask) {
    operation.start = json_get<std::int64_t>(json, "start", source);
    operation.frames = json_get<std::int64_t>(json, "frames", source);
  } else if (operation.op == kFreqMask) {
    operation.start = json_get<std::int64_t>(json, "start", source);
    operation.rows = json_get<std::int64_t>(json, "rows", source);
  } else {
    fail_unknown(operation.op);
  }
  if (operation.start < 0 || operation.frames < 0 || operation.rows < 0) {
    fail(ErrorKind::artefact, "{}: negative range", source);
  }
  return operation;
}

void apply_row_operation(const RowOperation& operation, std::span<float> features,
                         std::size_t rows) {
  if (operation.op == kNoise) {
    // Drawn frame by frame, so that cropping at the end does not change what remains.
    RandomStream stream(operation.seed, kNoise);
    for (float& value : features) value += static_cast<float>(operation.std * stream.normal());
  } else if (operation.op == kTimeMask) {
    const auto [first, last] =
        clip_range(operation.start, operation.frames, features.size() / rows);
    std::ranges::fill(features.subspan(first * rows, (last - first) * rows), 0.0F);
  } else if (operation.op == kFreqMask) {
    const auto [first, last] = clip_range(operation.start, operation.rows, rows);
    for (std::size_t frame = 0; frame < features.size() / rows; ++frame) {
      std::ranges::fill(features.subspan(frame * rows + first, last - first), 0.0F);
    }
  } else {
    fail_unknown(operation.op);
  }
}

}  // namespace parlando::data
