#include "common/report/run_report.h"

#include <fmt/format.h>

#include "common/io/atomic_file.h"
#include "common/report/escape.h"
#include "common/report/meaning.h"
#include "common/report/page.h"
#include "common/report/run_record.h"
#include "common/report/sections.h"
#include "common/report/tables.h"

namespace parlando::report {
namespace {

std::string header(const RunRecord& run) {
  std::string subtitle = escape_html(protocol_in_words(run));
  if (!run.corpus_name.empty()) {
    subtitle = fmt::format("{} \u00b7 {}", escape_html(run.corpus_name), subtitle);
  }
  if (!run.seed.empty()) subtitle += " \u00b7 seed " + escape_html(run.seed);
  return fmt::format(
      "<header>\n<p class=\"kicker\">parlando run</p>\n<h1>{}</h1>\n<p>{}</p>\n</header>\n",
      escape_html(run.name), subtitle);
}

}  // namespace

void write_run_report(const std::filesystem::path& run_folder,
                      const std::filesystem::path& out_folder) {
  const RunRecord run = read_run(run_folder);
  const std::string body = header(run) + warning_banners(run) + headline_section(run) +
                           meaning_section(run) + confusion_section(run) + classes_section(run) +
                           groups_section(run) + clips_section(run) + calibration_section(run) +
                           training_section(run) + protocol_section(run) + provenance_section(run);
  make_folder(out_folder);
  write_file_atomically(out_folder / "index.html", make_page("Run " + run.name, body));
  write_file_atomically(out_folder / "report.md", run_markdown(run));
  if (run.evaluation) {
    write_file_atomically(out_folder / "per_class.csv", per_class_csv(*run.evaluation));
    write_file_atomically(out_folder / "confusion.csv", confusion_csv(*run.evaluation));
  }
}

}  // namespace parlando::report
