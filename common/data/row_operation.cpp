#include "common/data/row_operation.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/random.h"
#include "common/io/json.h"

namespace parlando::data {
namespace {

constexpr const char* kNoise = "noise";
constexpr const char* kTimeMask = "time_mask";

[[noreturn]] void fail_unknown(const std::string& op) {
  fail(ErrorKind::artefact,
       "row operation '{}' is not known to this program ('noise', 'time_mask' are); "
       "the dataset was written by another version",
       op);
}

}  // namespace

std::string row_operation_to_text(const RowOperation& operation) {
  Json json{{"op", operation.op}};
  if (operation.op == kNoise) {
    json["std"] = operation.std;
    json["seed"] = operation.seed;
  } else if (operation.op == kTimeMask) {
    json["start"] = operation.start;
    json["frames"] = operation.frames;
  } else {
    fail_unknown(operation.op);
  }
  return json.dump();
}

RowOperation row_operation_from_text(const std::string& text) {
  const std::string source = "augmentation " + text;
  const Json json = parse_json(text, source);
  if (!json.is_object()) fail(ErrorKind::artefact, "{}: not an object", source);
  RowOperation operation;
  operation.op = json_get<std::string>(json, "op", source);
  if (operation.op == kNoise) {
    operation.std = json_get<double>(json, "std", source);
    operation.seed = json_get<std::uint64_t>(json, "seed", source);
  } else if (operation.op == kTimeMask) {
    operation.start = json_get<std::int64_t>(json, "start", source);
    operation.frames = json_get<std::int64_t>(json, "frames", source);
    if (operation.start < 0 || operation.frames < 0) {
      fail(ErrorKind::artefact, "{}: negative range", source);
    }
  } else {
    fail_unknown(operation.op);
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
    const auto position = [&](std::int64_t frame) {
      const std::size_t frames = features.size() / rows;
      return std::min(static_cast<std::size_t>(frame), frames) * rows;
    };
    const std::size_t first = position(operation.start);
    const std::size_t last = position(operation.start + operation.frames);
    std::fill(features.begin() + static_cast<std::ptrdiff_t>(first),
              features.begin() + static_cast<std::ptrdiff_t>(last), 0.0F);
  } else {
    fail_unknown(operation.op);
  }
}

}  // namespace parlando::data
