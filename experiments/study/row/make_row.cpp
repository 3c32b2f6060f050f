#include "experiments/study/row/make_row.h"

#include <limits>

#include <fmt/format.h>

#include "common/io/json.h"
#include "common/io/json_lines.h"
#include "common/metrics/evaluation_json.h"
#include "common/metrics/prediction.h"
#include "train/run/train_config.h"

namespace parlando::study {
namespace {

namespace fs = std::filesystem;
using metrics::Prediction;

report::StudyFigures figures_of(const metrics::Evaluation& evaluation) {
  return {evaluation.accuracy.value, evaluation.uar.value, evaluation.macro_f1.value,
          evaluation.weighted_f1.value};
}

double number_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  const bool number = found != line.end() && found->is_number();
  return number ? found->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

report::StudyCurve read_curve(const fs::path& file) {
  report::StudyCurve curve;
  for (const Json& line : read_json_lines(file)) {
    curve.epoch.push_back(json_get<std::int64_t>(line, "epoch", file.string()));
    curve.train_loss.push_back(number_of(line, "train_loss"));
    curve.validation_loss.push_back(number_of(line, "validation_loss"));
    curve.validation_accuracy.push_back(number_of(line, "validation_accuracy"));
    curve.validation_uar.push_back(number_of(line, "validation_uar"));
  }
  return curve;
}

double loss_at(const report::StudyCurve& curve, std::int64_t epoch) {
  for (std::size_t i = 0; i < curve.epoch.size(); ++i) {
    if (curve.epoch[i] == epoch) return curve.validation_loss[i];
  }
  return std::numeric_limits<double>::quiet_NaN();
}

void take_result(const fs::path& file, report::StudyRow& row) {
  const Json json = read_json(file);
  const std::string source = file.string();
  const metrics::Evaluation evaluation = metrics::evaluation_from_json(json, source);
  row.leaks = json_get<std::vector<std::string>>(json, "leaks", source);
  row.permuted_labels = json_get<bool>(json, "permuted_labels", source);
  row.figures = figures_of(evaluation);
  row.n_test = evaluation.n();
  row.classes = evaluation.classes;
  row.confusion = evaluation.confusion;
  row.breakdowns = evaluation.breakdowns;
  row.epochs = json_get<std::int64_t>(json, "epochs", source);
  row.best_epoch = json_get<std::int64_t>(json, "best_epoch", source);
  row.seconds = number_of(json, "train_seconds");
  row.samples_per_second = number_of(json, "samples_per_second");
  row.parameters = json_get<std::int64_t>(json, "parameters", source);
  row.world_size = json_get<int>(json, "world_size", source);
  report::StudyOrigin& origin = row.made_by;
  origin.config_hash = json_get<std::string>(json, "config_hash", source);
  origin.data_hash = json_get<std::string>(json, "data_hash", source);
  origin.split_hash = json_get<std::string>(json_get<Json>(json, "split", source), "hash", source);
  origin.corpus_hash =
      json_get<std::string>(json_get<Json>(json, "corpus", source), "hash", source);
  origin.version = json_get<std::string>(json, "version", source);
}

void take_predictions(const std::vector<Prediction>& predictions, report::StudyRow& row) {
  for (const Prediction& prediction : predictions) {
    std::vector<std::int64_t>& support = row.support[prediction.actor];
    support.resize(row.classes.size());
    ++support.at(static_cast<std::size_t>(prediction.truth));
    if (prediction.truth == prediction.predicted) continue;
    row.errors.push_back(
        {prediction.clip, prediction.actor, prediction.truth, prediction.predicted,
         prediction.probabilities.at(static_cast<std::size_t>(prediction.predicted))});
  }
  row.calibration = metrics::calibration_of(predictions);
  row.breakdowns.push_back(
      metrics::breakdown_by("statement", predictions, &Prediction::statement, row.classes.size()));
}

void take_conditions(const fs::path& file, report::StudyRow& row) {
  if (!fs::exists(file)) return;
  const std::string source = file.string();
  for (const Json& found : json_get<Json>(read_json(file), "conditions", source)) {
    row.robustness.push_back({json_get<std::string>(found, "condition", source),
                              number_of(found, "accuracy"), number_of(found, "uar")});
  }
}

}  // namespace

report::StudyRow make_row(const fs::path& run, const RunIdentity& identity) {
  report::StudyRow row;
  row.study = identity.study;
  row.row = identity.row;
  row.seed = identity.seed;
  row.fold = identity.fold;
  row.side = identity.side;
  take_result(run / (row.side == "test" ? "result.json" : "validation.json"), row);
  take_predictions(metrics::read_predictions(run / fmt::format("predictions-{}.jsonl", row.side)),
                   row);
  take_conditions(run / "robustness.json", row);
  row.curve = read_curve(run / "metrics.jsonl");

  const fs::path validation = run / "validation.json";
  const metrics::Evaluation validated =
      metrics::evaluation_from_json(read_json(validation), validation.string());
  row.validation = figures_of(validated);
  row.n_validation = validated.n();
  const auto config = train::load_train_config({(run / "config.yaml").string()});
  row.validation_loss =
      loss_at(row.curve, config.early_stopping.restore_best ? row.best_epoch : row.epochs);

  const fs::path split = run / "split.json", environment = run / "environment.json";
  row.n_train =
      static_cast<std::int64_t>(json_get<Json>(read_json(split), "train", split.string()).size());
  const Json machine = read_json(environment);
  row.made_by.command = identity.command;
  row.made_by.train_key = identity.train_key;
  row.made_by.data_key = identity.data_key;
  row.made_by.libtorch = json_get<std::string>(machine, "libtorch", environment.string());
  row.made_by.processor = json_get<std::string>(machine, "processor", environment.string());
  return row;
}

}  // namespace parlando::study
