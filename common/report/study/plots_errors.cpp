#include <cmath>

#include <fmt/format.h>

#include "common/report/numbers.h"
#include "common/report/study/study_plots.h"

namespace parlando::report {
namespace {

using Rows = std::vector<std::vector<double>>;

}  // namespace

Plot confusion_plot(const StudyEntry& entry, const std::string& name) {
  const metrics::ConfusionMatrix confusion = pooled_confusion(entry);
  const std::size_t classes = confusion.classes();
  Plot plot;
  plot.name = name;
  plot.caption = entry.marked() + ": share of each true class, per cent, all runs together";
  plot.width = 540;
  plot.height = 130 + 42 * static_cast<int>(classes);
  Rows rows;
  std::vector<std::string> labels;
  std::vector<double> places;
  for (std::size_t i = 0; i < classes; ++i) {
    labels.push_back(entry.runs.front().classes[i]);
    places.push_back(static_cast<double>(i));
    const auto support = static_cast<double>(confusion.support(i));
    for (std::size_t j = 0; j < classes && support > 0; ++j) {
      const double share = static_cast<double>(confusion.count(i, j)) / support;
      rows.push_back({static_cast<double>(j), static_cast<double>(i), 100 * share});
    }
    plot.description +=
        fmt::format("{}: {} % recognised. ", labels.back(), percent(confusion.scores(i).recall));
  }
  if (rows.empty()) return plot;
  PlotData data;
  data.add(rows);
  plot.data = data.text();
  const double end = static_cast<double>(classes) - 0.5;
  plot.commands = fmt::format(
      "set xrange [-0.5:{0}]\nset yrange [{0}:-0.5]\nunset grid\nunset colorbox\nunset key\n"
      "set border 15\nset tics scale 0\nset xtics rotate by 35 right\n"
      "set xlabel 'recognised as'\nset ylabel 'true class'\n"
      "set cbrange [0:100]\nset palette defined (0 '#ffffff', 1 '#004f80')\n{1}{2}"
      "plot data using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror fs solid border "
      "lc "
      "rgb '#d8d8d8' fillcolor palette, \\\n"
      "     data using 1:2:($3 <= 60 ? sprintf('%.0f', $3) : '') with labels tc rgb '#000000', \\\n"
      "     data using 1:2:($3 > 60 ? sprintf('%.0f', $3) : '') with labels tc rgb '#ffffff'",
      end, tic_labels("x", labels, places, 16), tic_labels("y", labels, places, 16));
  return plot;
}

Plot groups_plot(const StudyEntry& entry, const std::string& name) {
  Plot plot;
  plot.name = name;
  plot.caption = entry.marked() + ": accuracy by group of clips, mean and range over runs";
  Rows rows;
  std::vector<std::string> labels;
  std::vector<double> places;
  std::string kind;
  double place = 0;
  for (const GroupOverRuns& group : groups_over_runs(entry)) {
    if (group.accuracy.n == 0) continue;
    if (!kind.empty() && kind != group.kind) place -= 0.6;
    kind = group.kind;
    labels.push_back(group.kind + " " + group.name);
    places.push_back(place);
    rows.push_back(
        {place, 100 * group.accuracy.middle, 100 * group.accuracy.low, 100 * group.accuracy.high});
    plot.description += fmt::format("{}: {} %. ", labels.back(), percent(group.accuracy.middle));
    place -= 1;
  }
  plot.height = 110 + static_cast<int>(-20 * place);
  if (rows.empty()) return plot;
  PlotData data;
  data.add(rows);
  const double bottom = places.back() - 0.7;
  const double mean = 100 * pooled_confusion(entry).accuracy();
  data.add(Rows{{mean, 0.7}, {mean, bottom}});
  plot.data = data.text();
  plot.commands = fmt::format(
      "set xlabel 'accuracy, per cent'\nset yrange [{:.2f}:0.7]\n{}"
      "plot data index 1 using 1:2 with lines lw 1.4 dt '- ' lc rgb '#000000' title 'all clips', "
      "\\\n"
      "     data index 0 using 2:1:3:4 with xerrorbars pt 7 ps 0.9 lw 1.6 lc rgb '#0072b2' title "
      "'mean, range over runs'",
      bottom, tic_labels("y", labels, places));
  return plot;
}

}  // namespace parlando::report
