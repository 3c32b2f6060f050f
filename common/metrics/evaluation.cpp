#include "common/metrics/evaluation.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "common/core/error.h"

namespace parlando::metrics {
namespace {

using Label = std::string Prediction::*;

constexpr const char* kUnknown = "unknown";

void check(const Prediction& prediction, std::size_t classes) {
  for (const int index : {prediction.truth, prediction.predicted}) {
    if (index < 0 || static_cast<std::size_t>(index) >= classes) {
      fail(ErrorKind::data, "clip '{}': class index {} is not one of {} classes", prediction.clip,
           index, classes);
    }
  }
}

void add(ConfusionMatrix& matrix, const Prediction& prediction) {
  matrix.add(static_cast<std::size_t>(prediction.truth),
             static_cast<std::size_t>(prediction.predicted));
}

std::map<std::string, ConfusionMatrix> by_label(std::span<const Prediction> predictions,
                                                Label label, std::size_t classes) {
  std::map<std::string, ConfusionMatrix> groups;
  for (const Prediction& prediction : predictions) {
    const std::string& name = prediction.*label;
    add(groups.try_emplace(name, classes).first->second, prediction);
  }
  return groups;
}

std::vector<ConfusionMatrix> clusters_of(std::span<const Prediction> predictions,
                                         std::size_t classes, std::string& method) {
  std::map<std::string, ConfusionMatrix> speakers =
      by_label(predictions, &Prediction::actor, classes);
  std::vector<ConfusionMatrix> clusters;
  if (speakers.size() > 1 && !speakers.contains("")) {
    method = "bootstrap by speaker";
    for (auto& [name, matrix] : speakers) clusters.push_back(std::move(matrix));
  } else {
    method = "bootstrap by clip";
    for (const Prediction& prediction : predictions) {
      add(clusters.emplace_back(classes), prediction);
    }
  }
  return clusters;
}

}  // namespace

Breakdown breakdown_by(const std::string& name, std::span<const Prediction> predictions,
                       std::string Prediction::*label, std::size_t classes) {
  Breakdown breakdown{name, {}};
  for (const auto& [group, matrix] : by_label(predictions, label, classes)) {
    breakdown.groups.push_back(
        {group.empty() ? kUnknown : group, matrix.total(), matrix.accuracy(), matrix.uar()});
  }
  return breakdown;
}

Evaluation evaluate_predictions(std::span<const Prediction> predictions,
                                const std::vector<std::string>& classes, std::size_t resamples,
                                std::uint64_t seed) {
  if (predictions.empty()) fail(ErrorKind::data, "there are no predictions to evaluate");
  Evaluation result;
  result.classes = classes;
  result.confusion = ConfusionMatrix(classes.size());
  for (const Prediction& prediction : predictions) {
    check(prediction, classes.size());
    add(result.confusion, prediction);
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    result.per_class.push_back(result.confusion.scores(i));
  }

  const auto clusters = clusters_of(predictions, classes.size(), result.interval_method);
  const BootstrapFigures figures = bootstrap_figures(clusters, resamples, seed);
  result.accuracy = figures.accuracy;
  result.uar = figures.uar;
  result.macro_f1 = figures.macro_f1;
  result.weighted_f1 = figures.weighted_f1;
  result.resamples = resamples;
  result.clusters = clusters.size();

  const std::array<std::pair<const char*, Label>, 4> labels{{{"channel", &Prediction::channel},
                                                             {"sex", &Prediction::sex},
                                                             {"intensity", &Prediction::intensity},
                                                             {"actor", &Prediction::actor}}};
  for (const auto& [name, label] : labels) {
    const Label member = label;
    const bool known = std::any_of(predictions.begin(), predictions.end(),
                                   [&](const Prediction& p) { return !(p.*member).empty(); });
    if (known) {
      result.breakdowns.push_back(breakdown_by(name, predictions, member, classes.size()));
    }
  }
  return result;
}

}  // namespace parlando::metrics
