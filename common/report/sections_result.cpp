#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "common/metrics/wilson.h"
#include "common/report/bar_chart.h"
#include "common/report/confusion_table.h"
#include "common/report/escape.h"
#include "common/report/meaning.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/sections.h"

namespace parlando::report {
namespace {

constexpr std::size_t kFewGroups = 4;  ///< more are sorted by accuracy and get a chart of their own

std::string figure_card(const std::string& name, const std::string& meaning,
                        const metrics::Figure& figure) {
  return fmt::format(
      "<div class=\"card\"><dt>{}</dt><dd><span class=\"big\">{}<span "
      "class=\"unit\">\u202f%</span></span>"
      "<span class=\"interval\">{} \u2013 {}</span>"
      "<span class=\"track\" aria-hidden=\"true\"><span class=\"range\" "
      "style=\"left:{:.1f}%;width:{:.1f}%\">"
      "</span><span class=\"tip\" style=\"left:{:.1f}%\"></span></span>"
      "<span class=\"hint\">{}</span></dd></div>\n",
      name, percent(figure.value), percent(figure.low), percent(figure.high), 100 * figure.low,
      100 * (figure.high - figure.low), 100 * figure.value, meaning);
}

/// Actors and statements have numbers for names.
std::string group_label(const metrics::Breakdown& breakdown, const metrics::Group& group) {
  const bool numbered = breakdown.name == "actor" || breakdown.name == "statement";
  return numbered ? fmt::format("{} {}", breakdown.name, group.name) : group.name;
}

std::string group_chart(const metrics::Breakdown& breakdown, double overall) {
  DotChart chart;
  chart.id = "chart-" + breakdown.name;
  chart.title = "Accuracy by " + breakdown.name;
  chart.reference = overall;
  chart.reference_label = fmt::format("all: {} %", percent(overall));
  std::vector<metrics::Group> groups = breakdown.groups;
  if (groups.size() > kFewGroups) {
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& a, const auto& b) { return a.accuracy > b.accuracy; });
  }
  for (const metrics::Group& group : groups) {
    if (group.n <= 0) continue;
    const auto n = static_cast<double>(group.n);
    const metrics::Figure interval = metrics::wilson_interval(group.accuracy * n, n);
    const std::string label = group_label(breakdown, group);
    chart.rows.push_back(
        {label, "n = " + grouped(group.n), interval.value, interval.low, interval.high});
    chart.description += fmt::format("{}: {} % of {}. ", label, percent(group.accuracy), group.n);
  }
  return draw_dot_chart(chart);
}

std::string group_rows(const metrics::Breakdown& breakdown) {
  std::string rows;
  for (const metrics::Group& group : breakdown.groups) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        escape_html(group_label(breakdown, group)), grouped(group.n),
                        percent(group.accuracy), percent(group.uar));
  }
  return rows;
}

std::string group_table(const std::string& title, const std::string& rows) {
  return fmt::format(
      "<div class=\"scroll\"><table class=\"plain\"><caption>{}, per cent</caption><thead><tr>"
      "<th scope=\"col\">clips of</th><th scope=\"col\">clips</th><th scope=\"col\">accuracy</th>"
      "<th scope=\"col\">UAR</th></tr></thead><tbody>\n{}</tbody></table></div>\n",
      escape_html(title), rows);
}

}  // namespace

std::string headline_section(const RunRecord& run) {
  if (!run.evaluation) return "";
  const metrics::Evaluation& evaluation = *run.evaluation;
  const std::string cards =
      figure_card("Accuracy", "share of clips recognised", evaluation.accuracy) +
      figure_card("UAR", "recall, mean over classes", evaluation.uar) +
      figure_card("Macro F1", "F1, mean over classes", evaluation.macro_f1) +
      figure_card("Weighted F1", "F1, weighted by class size", evaluation.weighted_f1);
  return make_section("figures", "Result on the test side",
                      fmt::format("{} test clips. Ranges are 95 % intervals: {}, {} resamples.",
                                  grouped(evaluation.n()), evaluation.interval_method,
                                  grouped(static_cast<std::int64_t>(evaluation.resamples))),
                      "<dl class=\"cards\">\n" + cards + "</dl>\n");
}

std::string confusion_section(const RunRecord& run) {
  if (!run.evaluation) return "";
  return make_section(
      "confusion", "What is taken for what",
      "Each row holds the clips of one true class: how many were recognised as which class, and "
      "which share of the row that is.",
      confusion_table(run.evaluation->classes, run.evaluation->confusion));
}

std::string classes_section(const RunRecord& run) {
  if (!run.evaluation) return "";
  const metrics::Evaluation& evaluation = *run.evaluation;
  BarChart chart{"chart-classes",
                 "Precision, recall and F1 of each class",
                 "",
                 {"precision", "recall", "F1"},
                 {}};
  std::string rows;
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    const metrics::ClassScores& scores = evaluation.per_class[i];
    const std::string& name = evaluation.classes[i];
    chart.rows.push_back({name, {scores.precision, scores.recall, scores.f1}});
    chart.description += fmt::format("{}: F1 {} %. ", name, percent(scores.f1));
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escape_html(name), percent(scores.precision), percent(scores.recall), percent(scores.f1),
        grouped(scores.support));
  }
  const std::string table = fmt::format(
      "<div class=\"scroll\"><table class=\"plain\"><caption>Per class, per cent; support is the "
      "number of "
      "test clips</caption><thead><tr><th scope=\"col\">class</th><th scope=\"col\">precision</th>"
      "<th scope=\"col\">recall</th><th scope=\"col\">F1</th><th "
      "scope=\"col\">support</th></tr></thead>"
      "<tbody>\n{}</tbody></table></div>\n",
      rows);
  return make_section("classes", "Class by class",
                      "Precision: of the clips called so, the share that is. Recall: of the clips "
                      "that are, the share "
                      "called so. F1 is their harmonic mean.",
                      "<div class=\"pair\">\n" +
                          make_figure(draw_bar_chart(chart), "Precision, recall and F1") + table +
                          "</div>\n");
}

std::string groups_section(const RunRecord& run) {
  if (!run.evaluation || run.evaluation->breakdowns.empty()) return "";
  std::string small, large, small_rows, large_tables;
  for (const metrics::Breakdown& breakdown : run.evaluation->breakdowns) {
    const std::string figure = make_figure(group_chart(breakdown, run.evaluation->accuracy.value),
                                           "Accuracy by " + breakdown.name);
    if (breakdown.groups.size() > kFewGroups) {
      large += figure;
      large_tables += group_table("By " + breakdown.name, group_rows(breakdown));
    } else {
      small += figure;
      small_rows += group_rows(breakdown);
    }
  }
  if (!small_rows.empty()) small += group_table("The same groups with UAR", small_rows);
  if (!large_tables.empty()) {
    large += fmt::format("<details><summary>As a table, with UAR</summary>\n{}</details>\n",
                         large_tables);
  }
  return make_section(
      "groups", "Who and what is recognised better",
      "Diamonds are accuracies, lines their 95 % intervals with clips taken as independent "
      "(Wilson). Small "
      "groups scatter: most differences between actors are within their intervals.",
      fmt::format(
          "<div class=\"pair\">\n<div class=\"stack\">{}</div>\n<div class=\"stack\">{}</div>\n"
          "</div>\n",
          small, large));
}

}  // namespace parlando::report
