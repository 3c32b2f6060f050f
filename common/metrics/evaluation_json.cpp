#include "common/metrics/evaluation_json.h"

namespace parlando::metrics {
namespace {

Json figure_to_json(const Figure& figure) {
  return Json{{"value", figure.value}, {"ci95", {figure.low, figure.high}}};
}

Figure figure_from_json(const Json& json, const std::string& key, const std::string& source) {
  const auto object = json_get<Json>(json, key, source);
  const std::string where = source + ": " + key;
  const auto interval = json_get<std::vector<double>>(object, "ci95", where);
  if (interval.size() != 2) {
    fail(ErrorKind::artefact, "{}: ci95 has {} numbers, not 2", where, interval.size());
  }
  return {json_get<double>(object, "value", where), interval[0], interval[1]};
}

ConfusionMatrix confusion_from_json(const Json& json, std::size_t classes,
                                    const std::string& source) {
  const auto rows = json_get<std::vector<std::vector<std::int64_t>>>(json, "confusion", source);
  ConfusionMatrix confusion(classes);
  bool square = rows.size() == classes;
  for (const auto& row : rows) square = square && row.size() == classes;
  if (!square) {
    fail(ErrorKind::artefact, "{}: confusion is not a matrix of {} x {} classes", source, classes,
         classes);
  }
  for (std::size_t i = 0; i < classes; ++i) {
    for (std::size_t j = 0; j < classes; ++j) confusion.add(i, j, rows[i][j]);
  }
  return confusion;
}

Breakdown breakdown_from_json(const std::string& name, const Json& groups,
                              const std::string& source) {
  Breakdown breakdown{name, {}};
  for (const auto& [group, values] : groups.items()) {
    const std::string where = source + ": breakdowns." + name + "." + group;
    breakdown.groups.push_back({group, json_get<std::int64_t>(values, "n", where),
                                json_get<double>(values, "accuracy", where),
                                json_get<double>(values, "uar", where)});
  }
  return breakdown;
}

}  // namespace

Json evaluation_to_json(const Evaluation& evaluation) {
  Json per_class = Json::array();
  Json confusion = Json::array();
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    const ClassScores& scores = evaluation.per_class[i];
    per_class.push_back({{"class", evaluation.classes[i]},
                         {"precision", scores.precision},
                         {"recall", scores.recall},
                         {"f1", scores.f1},
                         {"support", scores.support}});
    Json row = Json::array();
    for (std::size_t j = 0; j < evaluation.classes.size(); ++j) {
      row.push_back(evaluation.confusion.count(i, j));
    }
    confusion.push_back(std::move(row));
  }
  Json breakdowns = Json::object();
  for (const Breakdown& breakdown : evaluation.breakdowns) {
    Json groups = Json::object();
    for (const Group& group : breakdown.groups) {
      groups[group.name] = {{"n", group.n}, {"accuracy", group.accuracy}, {"uar", group.uar}};
    }
    breakdowns[breakdown.name] = std::move(groups);
  }
  return Json{{"accuracy", figure_to_json(evaluation.accuracy)},
              {"uar", figure_to_json(evaluation.uar)},
              {"macro_f1", figure_to_json(evaluation.macro_f1)},
              {"weighted_f1", figure_to_json(evaluation.weighted_f1)},
              {"per_class", std::move(per_class)},
              {"confusion", std::move(confusion)},
              {"classes", evaluation.classes},
              {"n_test", evaluation.n()},
              {"breakdowns", std::move(breakdowns)},
              {"interval",
               {{"method", evaluation.interval_method},
                {"resamples", evaluation.resamples},
                {"clusters", evaluation.clusters}}}};
}

Evaluation evaluation_from_json(const Json& json, const std::string& source) {
  Evaluation result;
  result.classes = json_get<std::vector<std::string>>(json, "classes", source);
  result.confusion = confusion_from_json(json, result.classes.size(), source);
  result.accuracy = figure_from_json(json, "accuracy", source);
  result.uar = figure_from_json(json, "uar", source);
  result.macro_f1 = figure_from_json(json, "macro_f1", source);
  result.weighted_f1 = figure_from_json(json, "weighted_f1", source);
  for (std::size_t i = 0; i < result.classes.size(); ++i) {
    result.per_class.push_back(result.confusion.scores(i));
  }
  const auto breakdowns = json_get<Json>(json, "breakdowns", source);
  for (const auto& [name, groups] : breakdowns.items()) {
    result.breakdowns.push_back(breakdown_from_json(name, groups, source));
  }
  const auto interval = json_get<Json>(json, "interval", source);
  result.interval_method = json_get<std::string>(interval, "method", source + ": interval");
  result.resamples = json_get<std::size_t>(interval, "resamples", source + ": interval");
  result.clusters = interval.value("clusters", std::size_t{0});
  return result;
}

}  // namespace parlando::metrics
