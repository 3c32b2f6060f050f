#include "common/report/study/study_report.h"

#include <fmt/format.h>

#include "common/io/atomic_file.h"
#include "common/report/escape.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/plot/plotter.h"
#include "common/report/study/study_csv.h"
#include "common/report/study/study_sections.h"
#include "common/report/study/study_words.h"

namespace parlando::report {
namespace {

namespace fs = std::filesystem;

std::vector<Section> sections_of(const StudyRecord& study, const StudyAnalysis& analysis,
                                 const Chosen& chosen) {
  std::vector<Section> sections{results_section(study, analysis),
                                differences_section(study, analysis),
                                leaks_section(study, analysis),
                                reading_section(study, analysis),
                                runs_section(study),
                                study_curves_section(study, chosen),
                                study_classes_section(study),
                                study_confusion_section(study, chosen),
                                study_groups_section(study, chosen),
                                study_clips_section(study, chosen),
                                study_calibration_section(study, chosen),
                                robustness_section(study, chosen),
                                origin_section(study)};
  std::erase_if(sections, [](const Section& section) { return section.blocks.empty(); });
  return sections;
}

std::string counts_in_words(const StudyRecord& study) {
  std::size_t runs = 0;
  for (const StudyEntry& entry : study.entries) runs += entry.runs.size();
  const auto rows = static_cast<std::int64_t>(study.entries.size());
  std::string text =
      counted(rows, "row", "rows") + ", " + counted(static_cast<std::int64_t>(runs), "run", "runs");
  if (study.missing() > 0) text += fmt::format(" of {}", runs + study.missing());
  return text;
}

std::string header(const StudyRecord& study, const std::vector<std::string>& warnings) {
  std::string html = fmt::format(
      "<header>\n<p class=\"kicker\">parlando study</p>\n<h1>{}</h1>\n<p>{}{}{}</p>\n</header>\n",
      escape_html(study.config.heading()), escape_html(study.config.question),
      study.config.question.empty() ? "" : " \u00b7 ", escape_html(counts_in_words(study)));
  std::vector<Block> blocks;
  for (const std::string& warning : warnings) blocks.emplace_back(Paragraph{warning, true});
  return html + blocks_html(blocks);
}

std::string markdown_header(const StudyRecord& study, const std::vector<std::string>& warnings) {
  std::string text = fmt::format("# {}\n\n", escape_markdown(study.config.heading()));
  if (!study.config.question.empty()) text += escape_markdown(study.config.question) + "\n\n";
  text += counts_in_words(study) + ".\n\n";
  for (const std::string& warning : warnings)
    text += fmt::format("> **{}**\n\n", escape_markdown(warning));
  return text;
}

DrawnPlots draw_all(const std::vector<Section>& sections, Plotter& plotter) {
  DrawnPlots drawn;
  for (const Section& section : sections) {
    for (const Block& block : section.blocks) {
      if (const Plot* plot = std::get_if<Plot>(&block)) drawn[plot->name] = plotter.draw(*plot);
    }
  }
  return drawn;
}

void write_tables(const StudyRecord& study, const StudyAnalysis& analysis, const fs::path& out) {
  write_file_atomically(out / "results.csv", results_csv(study, analysis));
  write_file_atomically(out / "differences.csv", differences_csv(study, analysis));
  write_file_atomically(out / "runs.csv", runs_csv(study));
  write_file_atomically(out / "classes.csv", classes_csv(study));
  write_file_atomically(out / "groups.csv", groups_csv(study));
  write_file_atomically(out / "clips.csv", clips_csv(study));
  write_file_atomically(out / "conditions.csv", conditions_csv(study));
  write_file_atomically(out / "confusions.csv", confusions_csv(study));
  write_file_atomically(out / "calibration.csv", calibration_csv(study));
}

}  // namespace

StudyReport write_study_report(const StudyRecord& study, const StudyAnalysis& analysis,
                               const fs::path& out_folder, const StudyReportOptions& options) {
  const Chosen chosen = chosen_entries(study, analysis, options.rows);
  const std::vector<Section> sections = sections_of(study, analysis, chosen);
  make_folder(out_folder / "figures");
  Plotter plotter(out_folder / "figures", options.gnuplot);
  const DrawnPlots drawn = draw_all(sections, plotter);

  std::vector<std::string> warnings = study_warnings(study);
  if (!plotter.trouble().empty()) warnings.push_back("NO FIGURES. " + plotter.trouble());
  write_file_atomically(out_folder / "index.html",
                        make_page("Study " + study.config.name,
                                  header(study, warnings) + sections_html(sections, drawn)));
  write_file_atomically(out_folder / "report.md",
                        markdown_header(study, warnings) + sections_markdown(sections, drawn));
  write_tables(study, analysis, out_folder);
  if (!options.readme.empty()) write_file_atomically(options.readme, study_readme(study, analysis));

  StudyReport report{.figures = 0, .trouble = plotter.trouble()};
  for (const auto& [name, svg] : drawn) report.figures += svg.empty() ? 0 : 1;
  return report;
}

std::string study_readme(const StudyRecord& study, const StudyAnalysis& analysis) {
  return markdown_header(study, study_warnings(study)) +
         sections_markdown(sections_of(study, analysis, {}), {}, true) +
         fmt::format(
             "Made by `parlando report` from the runs in this folder; not to be edited. All "
             "of the study's figures: `parlando report experiments/studies/{}.yaml`.\n",
             file_word(study.config.name));
}

}  // namespace parlando::report
