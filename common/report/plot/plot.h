#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

namespace parlando::report {

/// A figure that gnuplot draws from a file of numbers and a script. Names of others (rows, classes)
/// are only in the script, through gnuplot_text and gnuplot_tic.
struct Plot {
  std::string name;               ///< of its files: a-z, A-Z, 0-9, - . and _
  std::string caption;            ///< plain text
  std::string description;        ///< what a screen reader says
  int width = 720, height = 420;  ///< of the SVG, pixels
  std::string data;               ///< content of NAME.dat
  std::string commands;  ///< what is special to this figure, up to `plot ...`, which reads `data`
};

/// The blocks of a data file, which `plot data index N` tells apart. A number that is not finite is
/// a gap.
class PlotData {
 public:
  /// Returns the index of the block. A block has a row at least.
  int add(std::span<const std::vector<double>> rows);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  int blocks_ = 0;
};

/// A string of a script, with its quotes: no byte of it is code, whatever it holds.
std::string gnuplot_text(const std::string& text);

/// The same for the label of a tic, in which gnuplot would read a % as a number's format.
std::string gnuplot_tic(const std::string& text);

/// "set ytics (...)": labels at the places given, cut to `characters`.
std::string tic_labels(const std::string& axis, const std::vector<std::string>& labels,
                       std::span<const double> places, std::size_t characters = 34);

/// Part of a file name: all but a-z, A-Z, 0-9, - . and _ become -, and no . comes first.
std::string file_word(const std::string& text);

/// Colours that colour-blind people tell apart (Okabe & Ito 2008), yellow left out. Series differ
/// in mark and dash too, so that a figure survives a black-and-white printer.
struct SeriesStyle {
  const char* colour;
  int mark;          ///< gnuplot's point type
  const char* dash;  ///< gnuplot's dash type
};
inline constexpr std::array<SeriesStyle, 6> kSeriesStyles{{{"#0072b2", 7, "1"},
                                                           {"#d55e00", 9, "'- '"},
                                                           {"#009e73", 5, "'. '"},
                                                           {"#cc79a7", 13, "'-. '"},
                                                           {"#e69f00", 11, "'-.. '"},
                                                           {"#000000", 6, "'_ '"}}};
const SeriesStyle& series_style(std::size_t number);

/// The whole script: `gnuplot NAME.gp` beside NAME.dat draws NAME.svg and NAME.png.
std::string plot_script(const Plot& plot);

}  // namespace parlando::report
