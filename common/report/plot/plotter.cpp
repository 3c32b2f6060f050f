#include "common/report/plot/plotter.h"

#include <utility>

#include <fmt/format.h>

#include "common/core/child_process.h"
#include "common/core/child_words.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"

namespace parlando::report {
namespace {

namespace fs = std::filesystem;

constexpr double kTimeoutSeconds = 60;  ///< of one figure

std::string first_line(const std::string& text) {
  const std::string trimmed = trim_text(text);
  return trimmed.substr(0, trimmed.find('\n'));
}

bool holds_something(const fs::path& file) {
  std::error_code error;
  return fs::file_size(file, error) > 0 && !error;
}

}  // namespace

Plotter::Plotter(fs::path folder, std::string program) : folder_(std::move(folder)) {
  try {
    program_ = fs::absolute(find_program(program)).string();
  } catch (const Error&) {
    trouble_ = fmt::format(
        "Figures are left out, for there is no {} on PATH. Install it (Debian: gnuplot-nox) and "
        "make the report again, or run it over the .gp files in {} elsewhere.",
        program, folder_.filename().string());
  }
}

std::string Plotter::draw(const Plot& plot) {
  write_file_atomically(folder_ / (plot.name + ".dat"), plot.data);
  write_file_atomically(folder_ / (plot.name + ".gp"), plot_script(plot));
  const fs::path svg = folder_ / (plot.name + ".svg"), png = folder_ / (plot.name + ".png");
  // What an earlier report drew is not this one's.
  fs::remove(svg);
  fs::remove(png);
  if (program_.empty()) return "";
  // -d: no start-up file of the user's changes what a figure looks like.
  const ChildResult result = run_child({program_, "-d", plot.name + ".gp"},
                                       {.folder = folder_, .timeout_seconds = kTimeoutSeconds});
  if (result.exit_code == 0 && holds_something(svg) && holds_something(png)) return read_file(svg);
  fs::remove(svg);
  fs::remove(png);
  trouble_ = fmt::format("The figure {} is left out: {} ended with {}: {}", plot.name, program_,
                         result.exit_code, first_line(result.errors));
  return "";
}

}  // namespace parlando::report
