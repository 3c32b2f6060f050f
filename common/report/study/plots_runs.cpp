#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "common/metrics/reliability.h"
#include "common/report/numbers.h"
#include "common/report/study/study_plots.h"

namespace parlando::report {
namespace {

using Rows = std::vector<std::vector<double>>;

struct CurveLine {
  const char* title;
  std::vector<double> StudyCurve::*values;
};

/// A line for the median and a band for the range, a series each.
Plot curve_plot(const StudyEntry& entry, const std::string& name, const std::string& y_label,
                const std::vector<CurveLine>& lines, double scale) {
  Plot plot;
  plot.name = name;
  plot.caption = fmt::format("{}: {}, median and range over runs", entry.marked(), y_label);
  plot.width = 520;
  plot.height = 340;
  PlotData data;
  std::string bands, medians;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Rows rows;
    for (const EpochSpread& at : curve_over_runs(entry, lines[i].values)) {
      rows.push_back({static_cast<double>(at.epoch), scale * at.value.middle, scale * at.value.low,
                      scale * at.value.high});
    }
    if (rows.empty()) continue;
    const int index = data.add(rows);
    const SeriesStyle& style = series_style(i);
    bands += fmt::format(
        "{}data index {} using 1:3:4 with filledcurves fs transparent solid 0.18 noborder lc rgb "
        "'{}' notitle",
        bands.empty() ? "" : ", \\\n     ", index, style.colour);
    medians += fmt::format(
        ", \\\n     data index {} using 1:2 with lines lw 2.2 dt {} lc rgb '{}' title '{}'", index,
        style.dash, style.colour, lines[i].title);
    plot.description += fmt::format("{}: {} after epoch {:.0f}, {} after epoch {:.0f}. ",
                                    lines[i].title, compact(rows.front()[1]), rows.front()[0],
                                    compact(rows.back()[1]), rows.back()[0]);
  }
  plot.data = data.text();
  if (!bands.empty()) {
    plot.commands = fmt::format("set xlabel 'epoch'\nset ylabel {}\nplot {}{}",
                                gnuplot_text(y_label), bands, medians);
  }
  return plot;
}

}  // namespace

Plot loss_plot(const StudyEntry& entry, const std::string& name) {
  return curve_plot(
      entry, name, "loss",
      {{"training", &StudyCurve::train_loss}, {"validation", &StudyCurve::validation_loss}}, 1);
}

Plot validation_plot(const StudyEntry& entry, const std::string& name) {
  return curve_plot(
      entry, name, "validation side, per cent",
      {{"accuracy", &StudyCurve::validation_accuracy}, {"UAR", &StudyCurve::validation_uar}}, 100);
}

Plot reliability_plot(const StudyEntry& entry, const std::string& name) {
  std::vector<std::vector<metrics::CalibrationBin>> bins;
  for (const StudyRow& run : entry.runs) bins.push_back(run.calibration.bins);
  const std::vector<metrics::ReliabilityPoint> points = metrics::reliability(bins);
  Plot plot;
  plot.name = name;
  plot.caption = entry.marked() + ": accuracy against confidence";
  plot.height = 480;
  plot.width = 520;
  double clips = 0;
  for (const metrics::ReliabilityPoint& point : points) clips += point.clips;
  Rows rows;
  for (const metrics::ReliabilityPoint& point : points) {
    rows.push_back({100 * point.confidence, 100 * point.accuracy.value, 100 * point.accuracy.low,
                    100 * point.accuracy.high, 100 * point.clips / clips});
    plot.description += fmt::format("At confidence {} % right: {} %. ", percent(point.confidence),
                                    percent(point.accuracy.value));
  }
  if (rows.empty()) return plot;
  PlotData data;
  data.add(rows);
  data.add(Rows{{0, 0}, {100, 100}});
  plot.data = data.text();
  plot.commands =
      "set xlabel 'confidence, per cent'\nset ylabel 'share that is right, per cent'\n"
      "set xrange [0:100]\nset yrange [0:100]\nset boxwidth 4\n"
      "plot data index 0 using 1:5 with boxes fs solid 0.35 noborder lc rgb '#a0a0a0' title "
      "'share of the clips', \\\n"
      "     data index 1 using 1:2 with lines lw 1.4 dt '- ' lc rgb '#000000' title 'as it should "
      "be', \\\n"
      "     data index 0 using 1:2:3:4 with yerrorbars pt 7 ps 1.1 lw 1.8 lc rgb '#0072b2' title "
      "'accuracy, 95 % (Wilson)'";
  return plot;
}

Plot robustness_plot(const StudyRecord& study, const std::vector<std::size_t>& chosen,
                     const ConditionFamily& family, const std::string& name) {
  Plot plot;
  plot.name = name;
  plot.caption = fmt::format("Accuracy under {}: mean and range over runs", family.kind);
  constexpr double kShift = 0.008, kMargin = 0.05;  // of the span
  const double span = family.conditions.rbegin()->first - family.conditions.begin()->first;
  PlotData data;
  std::string parts;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const StudyEntry& entry = study.entries[chosen[i]];
    Rows rows;
    for (const auto& [strength, condition] : family.conditions) {
      const Spread spread = condition_over_runs(entry, condition, &StudyCondition::accuracy);
      if (spread.n > 0)
        rows.push_back({strength, 100 * spread.middle, 100 * spread.low, 100 * spread.high});
      if (spread.n > 0)
        plot.description +=
            fmt::format("{}, {}: {} %. ", entry.marked(), condition, percent(spread.middle));
    }
    if (rows.empty()) continue;
    const SeriesStyle& style = series_style(i);
    const int index = data.add(rows);
    // Side by side, so that ranges do not cover each other.
    const double middle = static_cast<double>(chosen.size() - 1) / 2;
    const double shift = (static_cast<double>(i) - middle) * kShift * span;
    parts += fmt::format(
        "{0}data index {1} using ($1+{2:.4g}):2:3:4 with yerrorbars pt {3} ps 1 lw 1.2 lc rgb "
        "'{4}' "
        "notitle, \\\n"
        "     data index {1} using ($1+{2:.4g}):2 with linespoints pt {3} ps 1 lw 1.8 dt {5} lc "
        "rgb "
        "'{4}' title {6}",
        parts.empty() ? "plot " : ", \\\n     ", index, shift, style.mark, style.colour, style.dash,
        gnuplot_text(entry.marked()));
  }
  plot.data = data.text();
  std::vector<std::string> labels;
  std::vector<double> places;
  for (const auto& [strength, condition] : family.conditions) {
    places.push_back(strength);
    labels.push_back(condition == "clean" ? condition : compact(strength));
  }
  // What is easiest stands on the left.
  double left = places.front() - kMargin * span, right = places.back() + kMargin * span;
  if (family.ratio) std::swap(left, right);
  if (!parts.empty()) {
    plot.commands = fmt::format(
        "set xlabel {}\nset ylabel 'accuracy, per cent'\nset yrange [0:100]\n"
        "set xrange [{:.6g}:{:.6g}]\n{}{}",
        gnuplot_text(fmt::format("{}{}, {}", family.kind,
                                 family.ratio ? ", ratio of signal to noise" : "", family.unit)),
        left, right, tic_labels("x", labels, places), parts);
  }
  return plot;
}

}  // namespace parlando::report
