#pragma once

#include <filesystem>
#include <string>

#include "common/report/plot/plot.h"

namespace parlando::report {

/// Draws figures into one folder. Where there is no gnuplot, or it fails, figures are missing and
/// the report goes on without them: data and scripts are written in any case.
class Plotter {
 public:
  /// `program` is looked for on PATH if it has no slash.
  explicit Plotter(std::filesystem::path folder, std::string program = "gnuplot");

  /// Writes NAME.dat and NAME.gp and lets gnuplot make NAME.svg and NAME.png of them. Returns the
  /// SVG, or "" if there is none. Throws Error(artefact) if the folder can't be written.
  std::string draw(const Plot& plot);

  /// Why figures are missing, and what to do; "" if none is.
  const std::string& trouble() const { return trouble_; }

 private:
  std::filesystem::path folder_;
  std::string program_;  ///< "" once it is known to be absent
  std::string trouble_;
};

}  // namespace parlando::report
