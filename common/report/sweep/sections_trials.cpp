#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "common/report/escape.h"
#include "common/report/line_chart.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/sweep/sections.h"
#include "common/report/sweep/words.h"

namespace parlando::report {
namespace {

/// The best trial of the best configuration; -1 if there is none.
int best_trial(const SweepRecord& sweep) {
  int best = -1;
  if (sweep.best() == nullptr) return best;
  for (const int number : sweep.best()->trials) {
    const auto value = [&](int trial) {
      return sweep.trials[static_cast<std::size_t>(trial)].value;
    };
    if (best < 0 || sweep.better(value(number), value(best))) best = number;
  }
  return best;
}

LineSeries curve_of(const SweepRecord& sweep, const SweepTrial& trial,
                    const std::string& css_class) {
  LineSeries series{"", css_class, {}, ""};
  for (std::size_t i = 0; i < trial.curve.size(); ++i)
    series.points.push_back({static_cast<double>(i + 1), trial.curve[i]});
  series.tooltip =
      fmt::format("{}: {}", trial_in_words(sweep, trial), sweep.metric_text(trial.value));
  return series;
}

LineChart learning_curves(const SweepRecord& sweep) {
  LineChart chart;
  chart.id = "chart-curves";
  chart.title = sweep.metric + " over epochs, a line a trial";
  chart.x_label = "epoch";
  chart.percent = sweep.percent();
  const int best = best_trial(sweep);
  for (const SweepTrial& trial : sweep.trials) {
    if (trial.number != best && !trial.curve.empty())
      chart.series.push_back(curve_of(sweep, trial, "quiet"));
  }
  if (!chart.series.empty()) chart.series.front().label = "other trials";
  chart.description = counted(static_cast<std::int64_t>(chart.series.size()), "trial", "trials");
  if (best >= 0) {
    const SweepTrial& trial = sweep.trials[static_cast<std::size_t>(best)];
    chart.series.push_back(curve_of(sweep, trial, "best"));
    chart.series.back().label = fmt::format("the best, trial {}", best);
    chart.description += fmt::format(", and the best, trial {}: {} with the weights of epoch {}",
                                     best, sweep.metric_text(trial.value), trial.best_epoch);
  }
  chart.description += ".";
  return chart;
}

/// The best value at any rung after so many epochs of all trials, in the order in which they were
/// trained.
LineChart best_so_far(const SweepRecord& sweep) {
  std::vector<std::tuple<std::int64_t, std::size_t, int, std::int64_t, double>> arrivals;
  for (const SweepTrial& trial : sweep.trials) {
    std::int64_t before = 0;
    for (std::size_t rung = 0; rung < trial.rung_values.size(); ++rung) {
      const std::int64_t epochs = std::min(sweep.rungs[rung], trial.epochs);
      const std::int64_t time = rung < trial.rung_times.size() ? trial.rung_times[rung] : 0;
      arrivals.emplace_back(time, rung, trial.number, std::max<std::int64_t>(0, epochs - before),
                            trial.rung_values[rung]);
      before = std::max(before, epochs);
    }
  }
  std::ranges::sort(arrivals, {}, [](const auto& arrival) {
    return std::tuple(std::get<0>(arrival), std::get<1>(arrival), std::get<2>(arrival));
  });
  LineChart chart;
  chart.id = "chart-best";
  chart.title = "Best " + sweep.metric + " so far";
  chart.x_label = "epochs of all trials together";
  chart.percent = sweep.percent();
  LineSeries series{"", "s1", {}, ""};
  double best = std::nan("");
  std::int64_t spent = 0;
  for (const auto& [time, rung, trial, epochs, value] : arrivals) {
    spent += epochs;
    const auto x = static_cast<double>(spent);
    if (std::isfinite(value) && (!std::isfinite(best) || sweep.better(value, best))) {
      if (std::isfinite(best)) series.points.push_back({x, best});
      best = value;
      series.points.push_back({x, best});
    }
  }
  if (std::isfinite(best)) series.points.push_back({static_cast<double>(spent), best});
  chart.description =
      fmt::format("{} after {}.", sweep.metric_text(best), counted(spent, "epoch", "epochs"));
  chart.series = {std::move(series)};
  return chart;
}

}  // namespace

std::string curves_section(const SweepRecord& sweep) {
  const LineChart curves = learning_curves(sweep), best = best_so_far(sweep);
  std::string figures;
  if (!curves.series.empty()) figures += make_figure(draw_line_chart(curves), "Learning curves");
  if (!best.series.front().points.empty())
    figures += make_figure(draw_line_chart(best), "Best so far");
  if (figures.empty()) return "";
  return make_section(
      "curves", "How the trials learned",
      "A trial's figure is that of the weights that it keeps; its curve may go above and "
      "below. Best so far: of any trial at any rung, by the epochs that all trials "
      "together had cost by then.",
      "<div class=\"pair\">\n" + figures + "</div>\n");
}

std::string open_trials_section(const SweepRecord& sweep) {
  const std::vector<int> open = open_trials(sweep);
  std::string rows;
  for (const auto& [error, trials] : failures(sweep)) {
    rows += fmt::format(
        "<tr><th scope=\"row\">failed</th><td>{}</td><td class=\"words\">{}</td><td "
        "class=\"words\">{}</td></tr>\n",
        trials.size(), numbers_in_words(trials), escape_html(error));
  }
  if (!open.empty()) {
    rows += fmt::format(
        "<tr><th scope=\"row\">missing</th><td>{}</td><td class=\"words\">{}</td><td "
        "class=\"words\">not begun, cut off, or waiting to go on</td></tr>\n",
        open.size(), numbers_in_words(open));
  }
  if (rows.empty()) return "";
  std::string commands;
  for (const std::string& command : continue_commands(sweep))
    commands += escape_html(command) + "\n";
  return make_section(
      "open", "Failed and missing trials",
      "Either command takes up these trials alone, on this machine or on SLURM. What a trial said "
      "is in trials/NUMBER/log.txt in the sweep's folder.",
      fmt::format("<div class=\"scroll\"><table class=\"plain\"><thead><tr><th "
                  "scope=\"col\"></th><th scope=\"col\">count</th><th scope=\"col\" "
                  "class=\"words\">trials</th><th scope=\"col\" "
                  "class=\"words\">why</th></tr></thead>\n<tbody>\n{}</tbody></table></div>\n"
                  "<pre>{}</pre>\n",
                  rows, commands));
}

}  // namespace parlando::report
