#include "common/data/augmentation.h"

#include "common/core/error.h"

namespace parlando::data {
namespace {

constexpr const char* kWaveform = "waveform";
constexpr const char* kFeatures = "features";

std::vector<Json> list_of(const Json& json, const char* key, const std::string& source) {
  if (!json.contains(key)) return {};
  const Json& list = json[key];
  if (!list.is_array()) fail(ErrorKind::artefact, "{}: '{}' is not a list", source, key);
  return {list.begin(), list.end()};
}

}  // namespace

std::string augmentation_to_text(const Augmentation& augmentation) {
  const std::vector<RowOperation>& features = augmentation.features;
  if (augmentation.waveform.empty() && features.size() == 1) {
    return row_operation_to_json(features.front()).dump();
  }
  Json json = Json::object();
  if (!augmentation.waveform.empty()) json[kWaveform] = augmentation.waveform;
  for (const RowOperation& operation : features) {
    json[kFeatures].push_back(row_operation_to_json(operation));
  }
  return json.dump();
}

Augmentation augmentation_from_text(const std::string& text) {
  const std::string source = "augmentation " + text;
  const Json json = parse_json(text, source);
  if (!json.is_object()) fail(ErrorKind::artefact, "{}: not an object", source);
  if (json.contains("op")) return {{}, {row_operation_from_json(json, source)}};
  for (const auto& item : json.items()) {
    if (item.key() != kWaveform && item.key() != kFeatures) {
      fail(ErrorKind::artefact,
           "{}: key '{}' is not known to this program; the dataset was written by another version",
           source, item.key());
    }
  }
  Augmentation augmentation;
  augmentation.waveform = list_of(json, kWaveform, source);
  for (const Json& operation : list_of(json, kFeatures, source)) {
    augmentation.features.push_back(row_operation_from_json(operation, source));
  }
  return augmentation;
}

}  // namespace parlando::data
