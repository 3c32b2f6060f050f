#include "predict/robustness/condition_results.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "common/report/numbers.h"

namespace parlando::predict {
namespace {

std::string with_interval(const metrics::Figure& figure) {
  return fmt::format("{:>5} [{}, {}]", report::percent(figure.value), report::percent(figure.low),
                     report::percent(figure.high));
}

}  // namespace

Json condition_results_to_json(std::span<const ConditionResult> results) {
  Json list = Json::array();
  for (const auto& [condition, evaluation] : results) {
    const std::array<std::pair<const char*, const metrics::Figure*>, 4> figures{
        {{"accuracy", &evaluation.accuracy},
         {"uar", &evaluation.uar},
         {"macro_f1", &evaluation.macro_f1},
         {"weighted_f1", &evaluation.weighted_f1}}};
    Json entry{{"condition", condition}, {"n", evaluation.n()}};
    Json intervals = Json::object();
    for (const auto& [name, figure] : figures) {
      entry[name] = figure->value;
      intervals[name] = {figure->low, figure->high};
    }
    entry["ci95"] = std::move(intervals);
    list.push_back(std::move(entry));
  }
  return list;
}

std::string condition_table(std::span<const ConditionResult> results) {
  std::size_t width = std::string("condition").size();
  for (const ConditionResult& result : results) width = std::max(width, result.condition.size());
  std::string text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "\n  {:<{}}   {:<20}  {:<20}  macro F1\n", "condition", width, "accuracy %",
                 "UAR %");
  fmt::format_to(out, "  {:-<{}}\n", "", width + 53);
  for (const auto& [condition, evaluation] : results) {
    fmt::format_to(out, "  {:<{}}   {:<20}  {:<20}  {:>8}\n", condition, width,
                   with_interval(evaluation.accuracy), with_interval(evaluation.uar),
                   report::percent(evaluation.macro_f1.value));
  }
  return text;
}

}  // namespace parlando::predict
