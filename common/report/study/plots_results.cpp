#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/report/numbers.h"
#include "common/report/study/study_plots.h"
#include "common/report/study/study_words.h"

namespace parlando::report {
namespace {

using Rows = std::vector<std::vector<double>>;

constexpr int kRowHeight = 30, kFrameHeight = 130;
constexpr double kSeedOffset = 0.18;  ///< of the seeds' dots above a row's line

/// Rows from top to bottom, those with an allowed leak and controls last, behind a gap.
struct Lines {
  std::vector<std::size_t> entries;
  std::vector<std::string> labels;
  std::vector<double> places;
};

Lines lines_of(const StudyRecord& study) {
  Lines lines;
  double place = 0;
  for (const bool apart : {false, true}) {
    for (std::size_t i = 0; i < study.entries.size(); ++i) {
      const StudyEntry& entry = study.entries[i];
      if (entry.runs.empty() || entry.comparable() == apart) continue;
      lines.entries.push_back(i);
      lines.labels.push_back(entry.marked());
      lines.places.push_back(place);
      place -= 1;
    }
    place -= 0.5;
  }
  return lines;
}

std::string frame(const Lines& lines, const std::string& x_label) {
  const double bottom = lines.places.empty() ? 0 : lines.places.back();
  return fmt::format("set xlabel {}\nset yrange [{:.2f}:0.6]\nunset mytics\n{}",
                     gnuplot_text(x_label), bottom - 0.6,
                     tic_labels("y", lines.labels, lines.places));
}

/// The parts of a plot command, joined by line continuations.
std::string plot_command(const std::vector<std::string>& parts) {
  std::string text = "plot ";
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : ", \\\n     ") + parts[i];
  return text;
}

std::string in_words(const Lines& lines, const StudyAnalysis& analysis, std::size_t measure) {
  std::string text;
  for (std::size_t i = 0; i < lines.entries.size(); ++i) {
    text += fmt::format("{}: {} %. ", lines.labels[i],
                        mean_text(analysis.summaries[lines.entries[i]].figures[measure]));
  }
  return text;
}

}  // namespace

Plot means_plot(const StudyRecord& study, const StudyAnalysis& analysis, std::size_t measure) {
  const Measure& of = kMeasures[measure];
  const Lines lines = lines_of(study);
  Rows means, apart, seeds;
  for (std::size_t i = 0; i < lines.entries.size(); ++i) {
    const StudyEntry& entry = study.entries[lines.entries[i]];
    const EntrySummary& summary = analysis.summaries[lines.entries[i]];
    const double mean = 100 * summary.figures[measure].mean, place = lines.places[i];
    const metrics::Figure interval =
        summary.by_speaker ? *summary.by_speaker.*of.of_bootstrap : metrics::Figure{NAN, NAN, NAN};
    (entry.comparable() ? means : apart)
        .push_back({place, mean, 100 * interval.low, 100 * interval.high});
    for (const StudyRow& run : entry.runs)
      seeds.push_back({place + kSeedOffset, 100 * (run.figures.*of.of_run)});
  }
  PlotData data;
  std::vector<std::string> parts;
  if (!seeds.empty()) {
    parts.push_back(fmt::format(
        "data index {} using 2:1 with points pt 6 ps 0.55 lc rgb '#606060' title 'a run'",
        data.add(seeds)));
  }
  const auto add = [&](const Rows& rows, const SeriesStyle& style, const char* title) {
    if (rows.empty()) return;
    parts.push_back(fmt::format(
        "data index {} using 2:1:3:4 with xerrorbars pt {} ps 1.1 lw 1.8 lc rgb '{}' title {}",
        data.add(rows), style.mark, style.colour, gnuplot_text(title)));
  };
  add(means, kSeriesStyles[0], "mean, 95 % by speaker");
  add(apart, kSeriesStyles[1], "with an allowed leak, or a control");
  if (const std::optional<double> published = study.config.published.*of.published) {
    const double x = 100 * *published;
    const double bottom = lines.places.empty() ? 0 : lines.places.back();
    parts.push_back(fmt::format(
        "data index {} using 1:2 with lines lw 1.5 dt '- ' lc rgb '#000000' title 'published'",
        data.add(Rows{{x, 0.6}, {x, bottom - 0.6}})));
  }
  Plot plot;
  plot.name = fmt::format("results-{}", file_word(of.key));
  plot.caption = fmt::format("{} of each row, per cent", of.name);
  plot.description = in_words(lines, analysis, measure);
  plot.height = kFrameHeight + kRowHeight * static_cast<int>(lines.entries.size());
  plot.data = data.text();
  plot.commands =
      frame(lines, fmt::format("{}: {}, per cent", study.config.side_title(), of.name)) +
      plot_command(parts);
  return plot;
}

std::optional<Plot> differences_plot(const StudyRecord& study, const StudyAnalysis& analysis,
                                     std::size_t measure) {
  const Measure& of = kMeasures[measure];
  Lines lines;
  Rows shown, not_shown, unseen;
  std::string words;
  for (const Comparison& comparison : analysis.comparisons) {
    const StudyEntry& entry = study.entries[comparison.entry];
    if (comparison.measure != measure || !comparison.tested() || !entry.comparable()) continue;
    const double place = -static_cast<double>(lines.places.size());
    lines.labels.push_back(entry.title);
    lines.places.push_back(place);
    (comparison.shown() ? shown : not_shown)
        .push_back({place, 100 * comparison.test.mean, 100 * comparison.test.low,
                    100 * comparison.test.high});
    if (std::isfinite(comparison.detectable))
      unseen.push_back({0, place, -100 * comparison.detectable, 100 * comparison.detectable,
                        place - 0.36, place + 0.36});
    words += fmt::format("{}: {} points, {}. ", entry.title, points(comparison.test.mean),
                         conclusion(comparison));
  }
  if (lines.places.empty()) return std::nullopt;
  PlotData data;
  std::vector<std::string> parts;
  if (!unseen.empty()) {
    parts.push_back(
        fmt::format("data index {} using 1:2:3:4:5:6 with boxxyerror fs solid noborder lc rgb "
                    "'#e4e4e4' title 'effects that would not have been seen'",
                    data.add(unseen)));
  }
  const auto add = [&](const Rows& rows, const SeriesStyle& style, int mark, const char* title) {
    if (rows.empty()) return;
    parts.push_back(fmt::format(
        "data index {} using 2:1:3:4 with xerrorbars pt {} ps 1.2 lw 1.8 lc rgb '{}' title {}",
        data.add(rows), mark, style.colour, gnuplot_text(title)));
  };
  constexpr int kOpenCircle = 6, kFilledDiamond = 13;
  add(not_shown, kSeriesStyles[0], kOpenCircle, "no difference shown");
  add(shown, kSeriesStyles[1], kFilledDiamond, "difference shown (Holm)");
  Plot plot;
  plot.name = fmt::format("differences-{}", file_word(of.key));
  plot.caption = fmt::format("{}: difference from the baseline, points", of.name);
  plot.description = words;
  plot.height = kFrameHeight + kRowHeight * static_cast<int>(lines.places.size());
  plot.data = data.text();
  plot.commands = frame(lines, fmt::format("difference in {}, points (95 %)", of.name)) +
                  "set arrow from 0, graph 0 to 0, graph 1 nohead lw 1.2 lc rgb '#000000' front\n" +
                  plot_command(parts);
  return plot;
}

std::string plot_name(const std::string& kind, const StudyRecord& study, std::size_t entry) {
  const std::string word = file_word(study.entries[entry].id);
  const auto alike = std::count_if(
      study.entries.begin(), study.entries.begin() + static_cast<std::ptrdiff_t>(entry),
      [&](const StudyEntry& other) { return file_word(other.id) == word; });
  return alike == 0 ? fmt::format("{}-{}", kind, word)
                    : fmt::format("{}-{}-{}", kind, word, alike + 1);
}

}  // namespace parlando::report
