#include "common/report/sweep/sweep_report.h"

#include "common/io/atomic_file.h"
#include "common/report/page.h"
#include "common/report/sweep/sections.h"

namespace parlando::report {

void write_sweep_report(const std::filesystem::path& sweep_folder,
                        const std::filesystem::path& out_folder) {
  const SweepRecord sweep = read_sweep(sweep_folder);
  const std::vector<Importance> importance = parameter_importance(sweep);
  const std::string body =
      sweep_header(sweep) + sweep_headline_section(sweep) + sweep_meaning_section(sweep) +
      leaderboard_section(sweep) + importance_section(sweep, importance) +
      parallel_section(sweep, importance) + parameters_section(sweep, importance) +
      curves_section(sweep) + open_trials_section(sweep);
  make_folder(out_folder);
  write_file_atomically(out_folder / "index.html", make_page("Sweep " + sweep.name, body));
  write_file_atomically(out_folder / "report.md", sweep_markdown(sweep, importance));
  write_file_atomically(out_folder / "results.csv", read_file(sweep_folder / "results.csv"));
}

}  // namespace parlando::report
