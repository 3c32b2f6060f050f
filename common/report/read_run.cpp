#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>

#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "common/io/json_lines.h"
#include "common/metrics/evaluation_json.h"
#include "common/report/run_record.h"

namespace parlando::report {
namespace {

namespace fs = std::filesystem;

/// A scalar as text; "" if the key is absent or null.
std::string text_of(const Json& object, const std::string& key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

double number_of(const Json& object, const std::string& key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  const bool number = found != object.end() && found->is_number();
  return number ? found->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::int64_t count_of(const Json& object, const std::string& key) {
  const double value = number_of(object, key);
  return std::isfinite(value) && std::abs(value) < 1e15 ? std::llround(value) : 0;
}

const Json& member(const Json& object, const std::string& key) {
  static const Json kNothing = Json::object();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? kNothing : *found;
}

void read_epochs(RunRecord& run) {
  for (const Json& line : read_json_lines(run.folder / "metrics.jsonl")) {
    run.epochs.push_back({count_of(line, "epoch"), number_of(line, "train_loss"),
                          number_of(line, "train_accuracy"), number_of(line, "validation_loss"),
                          number_of(line, "validation_accuracy"), number_of(line, "validation_uar"),
                          number_of(line, "learning_rate"), number_of(line, "seconds"),
                          number_of(line, "samples_per_second"), number_of(line, "data_wait"),
                          text_of(line, "best") == "true"});
    if (run.epochs.back().best) run.best_epoch = run.epochs.back().epoch;
  }
}

void read_relations(const Json& audit, RunRecord& run) {
  const Json& relations = audit.is_array() ? audit : member(audit, "relations");
  for (const Json& relation : relations) {
    run.relations.push_back({text_of(relation, "name"), text_of(relation, "sides"),
                             count_of(relation, "count"),
                             text_of(relation, "tolerated") == "true"});
  }
}

void read_split(const Json& split, RunRecord& run) {
  run.scheme = text_of(split, "scheme");
  run.by = text_of(split, "by");
  run.split_seed = text_of(split, "seed");
  run.fold = count_of(split, "fold");
  for (const char* side : {"train", "validation", "test"}) {
    if (member(split, side).is_array()) {
      run.side_sizes[side] = static_cast<std::int64_t>(split[side].size());
    }
  }
  for (const char* side : {"train", "validation", "test"}) {
    for (const Json& channel : member(member(split, "channels"), side)) {
      if (channel.is_string()) run.channels[side].push_back(channel.get<std::string>());
    }
  }
  const Json& corpus = member(split, "corpus");
  run.corpus_name = text_of(corpus, "name");
  run.synthetic = text_of(corpus, "synthetic") == "true";
  for (const Json& clip : member(split, "dropped")) {
    run.dropped.push_back({text_of(clip, "id"), text_of(clip, "reason")});
  }
  read_relations(member(split, "audit"), run);
}

void read_result(const Json& result, const std::string& source, RunRecord& run) {
  run.evaluation = metrics::evaluation_from_json(result, source);
  const Json& corpus = member(result, "corpus");
  if (corpus.contains("name")) run.corpus_name = text_of(corpus, "name");
  if (corpus.contains("synthetic")) run.synthetic = text_of(corpus, "synthetic") == "true";
  const Json& split = member(result, "split");
  run.scheme = text_of(split, "scheme");
  run.by = text_of(split, "by");
  run.split_seed = text_of(split, "seed");
  run.fold = count_of(split, "fold");
  run.seed = text_of(result, "seed");
  const Json& parameters = member(result, "parameters");
  run.parameters =
      parameters.is_object() ? count_of(parameters, "total") : count_of(result, "parameters");
  run.world_size = count_of(result, "world_size");
  run.train_seconds = number_of(result, "train_seconds");
  run.samples_per_second = number_of(result, "samples_per_second");
  if (count_of(result, "best_epoch") > 0) run.best_epoch = count_of(result, "best_epoch");
  if (run.relations.empty()) read_relations(member(result, "audit"), run);

  const std::array<std::pair<const char*, std::string>, 5> versions{
      {{"parlando", text_of(result, "version")},
       {"corpus hash", text_of(corpus, "hash")},
       {"dataset id", text_of(result, "data_hash")},
       {"split hash", text_of(split, "hash")},
       {"configuration hash", text_of(result, "config_hash")}}};
  for (const auto& [name, value] : versions) {
    if (!value.empty()) run.versions.emplace_back(name, value);
  }
}

/// Predictions of the test side, and errors by statement, which the result may not have.
void read_test_predictions(const fs::path& path, RunRecord& run) {
  metrics::Evaluation& evaluation = *run.evaluation;
  const auto classes = static_cast<int>(evaluation.classes.size());
  run.predictions = metrics::read_predictions(path);
  bool statements = false;
  for (const metrics::Prediction& prediction : run.predictions) {
    const auto is_class = [&](int index) { return index >= 0 && index < classes; };
    if (!is_class(prediction.truth) || !is_class(prediction.predicted) ||
        std::ssize(prediction.probabilities) != classes) {
      fail(ErrorKind::artefact,
           "{}: clip '{}' is not of the {} classes of result.json; 'parlando evaluate --run {}' "
           "makes both anew",
           path.string(), prediction.clip, classes, run.folder.string());
    }
    statements = statements || !prediction.statement.empty();
  }
  if (statements && std::ranges::find(evaluation.breakdowns, "statement",
                                      &metrics::Breakdown::name) == evaluation.breakdowns.end()) {
    evaluation.breakdowns.push_back(metrics::breakdown_by(
        "statement", run.predictions, &metrics::Prediction::statement, evaluation.classes.size()));
  }
}

/// Of result.json and of environment.json, which is there from the start.
void read_protocol(const Json& json, RunRecord& run) {
  for (const Json& leak : member(json, "leaks")) {
    const std::string name = leak.is_string() ? leak.get<std::string>() : leak.dump();
    if (std::ranges::find(run.allowed_leaks, name) == run.allowed_leaks.end())
      run.allowed_leaks.push_back(name);
  }
  if (text_of(json, "permuted_labels") == "true") run.permuted_labels = true;
}

void read_environment(const Json& environment, RunRecord& run) {
  if (!environment.is_object()) return;
  read_protocol(environment, run);
  for (const auto& [key, value] : environment.items()) {
    run.environment.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

}  // namespace

RunRecord read_run(const fs::path& folder) {
  RunRecord run;
  run.folder = folder;
  run.name = fs::absolute(folder).lexically_normal().filename().string();
  if (run.name.empty()) run.name = fs::absolute(folder).lexically_normal().parent_path().filename();
  if (!fs::is_directory(folder)) {
    fail(ErrorKind::artefact, "{}: no such run folder; 'parlando train --run {}' makes one",
         folder.string(), folder.string());
  }
  for (const char* file : {"config.yaml", "environment.json", "split.json", "metrics.jsonl",
                           "test_reads.jsonl", "predictions-test.jsonl", "result.json"}) {
    if (!fs::exists(folder / file)) run.missing.emplace_back(file);
  }
  const auto have = [&](const char* file) { return fs::exists(folder / file); };
  if (!have("result.json") && !have("metrics.jsonl") && !have("config.yaml")) {
    fail(ErrorKind::artefact,
         "{}: not a run folder: config.yaml, metrics.jsonl and result.json are all missing; name "
         "the "
         "folder given to 'parlando train --run'",
         folder.string());
  }
  if (have("config.yaml")) run.config = read_file(folder / "config.yaml");
  if (have("environment.json")) read_environment(read_json(folder / "environment.json"), run);
  read_epochs(run);
  if (have("split.json")) read_split(read_json(folder / "split.json"), run);
  if (have("result.json")) {
    const fs::path path = folder / "result.json";
    const Json result = read_json(path);
    read_result(result, path.string(), run);
    read_protocol(result, run);
  }
  if (run.evaluation && have("predictions-test.jsonl"))
    read_test_predictions(folder / "predictions-test.jsonl", run);
  for (const Json& line : read_json_lines(folder / "test_reads.jsonl")) {
    run.test_reads.push_back({text_of(line, "time"), text_of(line, "verb"), text_of(line, "reason"),
                              count_of(line, "clips")});
  }
  return run;
}

}  // namespace parlando::report
