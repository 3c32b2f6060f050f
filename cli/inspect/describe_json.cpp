#include "cli/inspect/describe.h"
#include "common/io/atomic_file.h"
#include "common/metrics/evaluation_json.h"
#include "common/metrics/prediction.h"

namespace parlando::inspect {
namespace {

Json describe_result(const Json& result, const std::string& source) {
  const metrics::Evaluation evaluation = metrics::evaluation_from_json(result, source);
  Json description;
  for (const char* key : {"accuracy",      "uar",
                          "macro_f1",      "weighted_f1",
                          "leaks",         "permuted_labels",
                          "n_test",        "classes",
                          "seed",          "split",
                          "epochs",        "best_epoch",
                          "train_seconds", "samples_per_second",
                          "world_size",    "parameters",
                          "corpus",        "config_hash",
                          "data_hash",     "version"}) {
    if (result.contains(key)) description[key] = result[key];
  }
  return description;
}

Json describe_study_row(const Json& json) {
  Json description;
  for (const char* key :
       {"study", "row", "seed", "fold", "leaks", "permuted_labels", "figures", "validation",
        "n_train", "n_validation", "n_test", "classes", "training", "robustness", "made_by"}) {
    if (json.contains(key)) description[key] = json[key];
  }
  return description;
}

Json with_kind(const std::string& kind, const Json& members) {
  Json result{{"kind", kind}};
  result.update(members);
  return result;
}

Json describe_predictions(const std::filesystem::path& file) {
  const std::vector<metrics::Prediction> predictions = metrics::read_predictions(file);
  std::size_t right = 0, classes = 0;
  for (const metrics::Prediction& prediction : predictions) {
    right += prediction.truth == prediction.predicted ? 1 : 0;
    classes = std::max(classes, prediction.probabilities.size());
  }
  return Json{{"clips", predictions.size()},
              {"classes", classes},
              {"right", right},
              {"accuracy", static_cast<double>(right) / static_cast<double>(predictions.size())}};
}

}  // namespace

Json describe_json_file(const std::filesystem::path& file) {
  const Json json = read_json(file);
  if (!json.is_object()) return nullptr;
  const Json format = json.value("format", Json());
  if (format == "parlando-split") {
    return with_kind("split", describe_split(json, file.string()));
  }
  if (format == "parlando-dataset") {
    return with_kind("dataset", describe_dataset(file.parent_path()));
  }
  if (format == "parlando-model") return with_kind("model", describe_model(file.parent_path()));
  if (format == "parlando-checkpoint") {
    return with_kind("checkpoint", describe_checkpoint(file.parent_path()));
  }
  if (json.contains("study") && json.contains("figures") && json.contains("made_by"))
    return with_kind("row of a study", describe_study_row(json));
  if (json.contains("confusion") && json.contains("accuracy")) {
    return with_kind("result", describe_result(json, file.string()));
  }
  if (json.contains("libtorch") && json.contains("host")) return with_kind("environment", json);
  return nullptr;
}

Json describe_lines_file(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  const std::string first = text.substr(0, text.find('\n'));
  if (first.empty() || !Json::accept(first)) return nullptr;
  const Json line = Json::parse(first);
  if (!line.is_object()) return nullptr;
  const auto lines = std::count(text.begin(), text.end(), '\n');
  if (line.value("format", Json()) == "parlando-corpus") {
    return with_kind("corpus manifest", describe_corpus(file));
  }
  if (line.value("format", Json()) == "parlando-dataset-partial") {
    return with_kind("unfinished dataset", describe_unfinished({file}));
  }
  if (line.contains("predicted")) return with_kind("predictions", describe_predictions(file));
  if (line.contains("train_loss")) {
    return with_kind("epochs", {{"epochs", lines}, {"first", line}});
  }
  if (line.contains("verb") && line.contains("reason")) {
    return with_kind("test reads", {{"reads", lines}, {"first", line}});
  }
  return nullptr;
}

}  // namespace parlando::inspect
