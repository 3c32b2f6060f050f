#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/report/escape.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/parallel_chart.h"
#include "common/report/scatter_chart.h"
#include "common/report/svg.h"
#include "common/report/sweep/sections.h"
#include "common/report/sweep/words.h"

namespace parlando::report {
namespace {

constexpr std::size_t kMostAxes = 8;  ///< parameters in the parallel coordinates
constexpr std::size_t kQuarters = 4;

std::string importance_row(const SweepRecord& sweep, const Importance& importance) {
  const bool known = std::isfinite(importance.share);
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"meter\"><span class=\"track\" "
      "aria-hidden=\"true\"><span class=\"range\" "
      "style=\"left:0;width:{:.1f}%\"></span></span></td>"
      "<td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
      escape_html(sweep.parameters[importance.parameter].key),
      known ? percent(importance.share) + " %" : "-", known ? 100 * importance.share : 0.0,
      std::isfinite(importance.p) ? fmt::format("{:.3f}", importance.p) : "-",
      std::isfinite(importance.rho) ? fmt::format("{:+.2f}", importance.rho) : "-",
      importance.groups, importance.configurations);
}

/// 0 for the best quarter to 3, a configuration each: by how many are better.
std::vector<std::size_t> quarters(const SweepRecord& sweep,
                                  const std::vector<ComparedConfiguration>& configurations) {
  const auto cost = [&](const ComparedConfiguration& configuration) {
    return sweep.larger_is_better ? -configuration.value : configuration.value;
  };
  std::vector<double> costs;
  for (const ComparedConfiguration& configuration : configurations)
    costs.push_back(cost(configuration));
  std::ranges::sort(costs);
  std::vector<std::size_t> result;
  for (const ComparedConfiguration& configuration : configurations) {
    const auto better = static_cast<std::size_t>(
        std::ranges::lower_bound(costs, cost(configuration)) - costs.begin());
    result.push_back(better * kQuarters / costs.size());
  }
  return result;
}

std::string quarter_keys() {
  constexpr const char* kNames[] = {"best quarter", "second", "third", "last quarter"};
  std::string items;
  for (std::size_t i = 0; i < kQuarters; ++i) {
    items += fmt::format(
        "<li><svg class=\"chart\" viewBox=\"0 0 40 10\" aria-hidden=\"true\"><line class=\"line "
        "q{}\" x1=\"1\" y1=\"5\" x2=\"39\" y2=\"5\"/></svg>{}</li>\n",
        i + 1, kNames[i]);
  }
  return "<ul class=\"keys\">\n" + items + "</ul>\n";
}

ParallelChart parallel_chart(const SweepRecord& sweep,
                             const std::vector<const SweepParameter*>& shown,
                             const std::vector<ComparedConfiguration>& configurations) {
  ParallelChart chart;
  chart.id = "chart-parallel";
  chart.title = "Parameters and metric of each configuration";
  for (const SweepParameter* parameter : shown)
    chart.axes.push_back({parameter->key, parameter->columns, parameter->logarithmic, false});
  chart.axes.push_back({sweep.metric, {}, false, sweep.percent()});
  const std::vector<std::size_t> quarter = quarters(sweep, configurations);
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    const SweepTrial& trial = *configurations[i].trial;
    ParallelLine line{{}, fmt::format("q{}", quarter[i] + 1), ""};
    for (const SweepParameter* parameter : shown) line.values.push_back(parameter->place_of(trial));
    line.values.push_back(configurations[i].value);
    line.tooltip = fmt::format("{}: {}", trial_in_words(sweep, trial),
                               sweep.metric_text(configurations[i].value));
    chart.lines.push_back(std::move(line));
  }
  // The best are drawn last, over the others.
  std::ranges::stable_sort(chart.lines, [&](const ParallelLine& a, const ParallelLine& b) {
    return sweep.better(b.values.back(), a.values.back());
  });
  chart.description =
      fmt::format("{} lines from axis to axis; the best ends at {}, the last at {}.",
                  chart.lines.size(), sweep.metric_text(chart.lines.back().values.back()),
                  sweep.metric_text(chart.lines.front().values.back()));
  return chart;
}

ScatterChart scatter_of(const SweepRecord& sweep, const Importance& importance,
                        std::size_t number) {
  const SweepParameter& parameter = sweep.parameters[importance.parameter];
  ScatterChart chart;
  chart.id = fmt::format("chart-parameter-{}", number);
  chart.title = fmt::format("{} by {}", sweep.metric, parameter.key);
  chart.x_label = parameter.key;
  chart.columns = parameter.columns;
  chart.logarithmic = parameter.logarithmic;
  chart.percent = sweep.percent();
  const SweepRow* best = sweep.best();
  for (const SweepTrial& trial : sweep.trials) {
    if (trial.rung_values.empty()) continue;
    chart.points.push_back({parameter.place_of(trial), trial.rung_values.front(),
                            fmt::format("{}: {}", trial_in_words(sweep, trial),
                                        sweep.metric_text(trial.rung_values.front())),
                            best != nullptr && trial.configuration == best->configuration});
  }
  chart.description = fmt::format("A dot a trial, {} dots. Share of the variance: {} %.",
                                  chart.points.size(), percent(importance.share));
  return chart;
}

}  // namespace

std::string importance_section(const SweepRecord& sweep,
                               const std::vector<Importance>& importance) {
  if (importance.empty()) return "";
  std::string rows;
  for (const Importance& entry : importance) rows += importance_row(sweep, entry);
  return make_section(
      "importance", "Which parameters matter", importance_in_words(sweep),
      "<div class=\"scroll\"><table class=\"plain\"><thead><tr><th scope=\"col\">parameter</th><th "
      "scope=\"col\">share of variance</th><th scope=\"col\"></th><th scope=\"col\">p</th><th "
      "scope=\"col\">rank correlation</th><th scope=\"col\">groups</th><th "
      "scope=\"col\">configurations</th></tr></thead>\n<tbody>\n" +
          rows + "</tbody></table></div>\n");
}

std::string parallel_section(const SweepRecord& sweep, const std::vector<Importance>& importance) {
  const std::vector<ComparedConfiguration> configurations = compared_configurations(sweep);
  if (configurations.size() < 2 || importance.empty()) return "";
  std::vector<const SweepParameter*> shown;
  for (const Importance& entry : importance) {
    if (shown.size() < kMostAxes) shown.push_back(&sweep.parameters[entry.parameter]);
  }
  std::string introduction = fmt::format("A line a configuration, coloured by its place in {} {}.",
                                         sweep.metric, first_rung_in_words(sweep));
  if (shown.size() < importance.size()) {
    introduction += fmt::format(" The {} parameters with the largest shares of {}.", shown.size(),
                                importance.size());
  }
  return make_section(
      "parallel", "All configurations at once", introduction,
      fmt::format("<figure class=\"wide\">\n<div class=\"scroll\">{}</div>\n{}</figure>\n",
                  draw_parallel_chart(parallel_chart(sweep, shown, configurations)),
                  quarter_keys()));
}

std::string parameters_section(const SweepRecord& sweep,
                               const std::vector<Importance>& importance) {
  const bool any = std::ranges::any_of(sweep.trials, [](const SweepTrial& trial) {
    return !trial.rung_values.empty() && std::isfinite(trial.rung_values.front());
  });
  if (importance.empty() || !any) return "";
  std::string figures;
  for (std::size_t i = 0; i < importance.size(); ++i) {
    figures += make_figure(draw_scatter_chart(scatter_of(sweep, importance[i], i + 1)),
                           sweep.parameters[importance[i].parameter].key);
  }
  return make_section("parameters", "Parameter by parameter",
                      fmt::format("A dot a trial: {} {}. Diamonds: the best configuration.",
                                  sweep.metric, first_rung_in_words(sweep)),
                      "<div class=\"pair\">\n" + figures + "</div>\n");
}

}  // namespace parlando::report
