#include "common/metrics/prediction.h"

#include <algorithm>
#include <string_view>

#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::metrics {
namespace {

Json to_json(const Prediction& prediction) {
  return Json{{"clip", prediction.clip},
              {"true", prediction.truth},
              {"predicted", prediction.predicted},
              {"probabilities", prediction.probabilities},
              {"channel", prediction.channel},
              {"sex", prediction.sex},
              {"intensity", prediction.intensity},
              {"statement", prediction.statement},
              {"repetition", prediction.repetition},
              {"actor", prediction.actor}};
}

Prediction from_json(const Json& json, const std::string& source) {
  Prediction prediction;
  prediction.clip = json_get<std::string>(json, "clip", source);
  prediction.truth = json_get<int>(json, "true", source);
  prediction.predicted = json_get<int>(json, "predicted", source);
  prediction.probabilities = json_get<std::vector<double>>(json, "probabilities", source);
  prediction.channel = json_get<std::string>(json, "channel", source);
  prediction.sex = json_get<std::string>(json, "sex", source);
  prediction.intensity = json_get<std::string>(json, "intensity", source);
  prediction.statement = json_get<std::string>(json, "statement", source);
  prediction.repetition = json_get<std::string>(json, "repetition", source);
  prediction.actor = json_get<std::string>(json, "actor", source);
  return prediction;
}

}  // namespace

void write_predictions(const std::filesystem::path& path, std::span<const Prediction> predictions) {
  std::string text;
  for (const Prediction& prediction : predictions) text += to_json(prediction).dump() + '\n';
  write_file_atomically(path, text);
}

std::vector<Prediction> read_predictions(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  std::vector<Prediction> predictions;
  std::size_t number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = std::string_view(text).substr(start, end - start);
    const std::string source = fmt::format("{}:{}", path.string(), ++number);
    start = end + 1;
    if (!line.empty()) predictions.push_back(from_json(parse_json(line, source), source));
  }
  return predictions;
}

}  // namespace parlando::metrics
