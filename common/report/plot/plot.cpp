#include "common/report/plot/plot.h"

#include <cmath>

#include <fmt/format.h>

#include "common/report/chart_axis.h"
#include "common/report/escape.h"

namespace parlando::report {
namespace {

constexpr int kPngScale = 2;

// gnuplot's "noenhanced": names with ^ or _ are no markup.
constexpr const char* kScript =
    R"(# Draws {name}.svg and {name}.png from {name}.dat:  gnuplot {name}.gp
set encoding utf8
data = '{name}.dat'
set datafile commentschars '#'
set datafile missing 'NaN'
set border 3 linecolor rgb '#404040'
set tics nomirror out
set grid linecolor rgb '#d8d8d8' linetype 1 linewidth 0.7
set key above left Left reverse maxcols 1 samplen 3 textcolor rgb '#202020'
set terminal svg noenhanced size {width},{height} font 'DejaVu Sans,13' background '#ffffff'
set output '{name}.svg'
{commands}
set terminal pngcairo noenhanced size {wide},{high} font 'DejaVu Sans,13' fontscale {scale} linewidth {scale} pointscale {scale} background '#ffffff'
set output '{name}.png'
replot
set output
)";

}  // namespace

int PlotData::add(std::span<const std::vector<double>> rows) {
  if (blocks_ > 0) text_ += "\n\n";
  for (const std::vector<double>& row : rows) {
    std::string line;
    for (const double value : row) {
      line += line.empty() ? "" : " ";
      line += std::isfinite(value) ? fmt::format("{:.8g}", value) : "NaN";
    }
    text_ += line + "\n";
  }
  return blocks_++;
}

std::string gnuplot_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : well_formed_text(text)) {
    if (c == '\'') quoted += "''";
    // A line end would end the command, a backslash before it would join two.
    else
      quoted += c == '\n' || c == '\r' || c == '\t' || c == '\\' ? ' ' : c;
  }
  return quoted + "'";
}

std::string gnuplot_tic(const std::string& text) {
  std::string doubled;
  for (const char c : text) doubled += c == '%' ? std::string("%%") : std::string(1, c);
  return gnuplot_text(doubled);
}

std::string tic_labels(const std::string& axis, const std::vector<std::string>& labels,
                       std::span<const double> places, std::size_t characters) {
  std::string list;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    list += fmt::format("{}{} {:.8g}", list.empty() ? "" : ", ",
                        gnuplot_tic(shortened(well_formed_text(labels[i]), characters)), places[i]);
  }
  return fmt::format("set {}tics ({})\n", axis, list);
}

std::string file_word(const std::string& text) {
  std::string word;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || (c == '.' && !word.empty());
    word += plain ? c : '-';
  }
  return word.empty() ? "-" : word;
}

const SeriesStyle& series_style(std::size_t number) {
  return kSeriesStyles[number % kSeriesStyles.size()];
}

std::string plot_script(const Plot& plot) {
  return fmt::format(kScript, fmt::arg("name", plot.name), fmt::arg("width", plot.width),
                     fmt::arg("height", plot.height), fmt::arg("wide", kPngScale * plot.width),
                     fmt::arg("high", kPngScale * plot.height), fmt::arg("scale", kPngScale),
                     fmt::arg("commands", plot.commands));
}

}  // namespace parlando::report
