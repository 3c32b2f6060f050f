#include "experiments/report/study_verb.h"

#include <iostream>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/io/json.h"
#include "common/io/json_number.h"
#include "common/report/study/study_report.h"
#include "common/report/study/study_words.h"

namespace parlando::report {
namespace {

namespace fs = std::filesystem;

Json row_to_json(const StudyEntry& entry, const EntrySummary& summary) {
  Json json{{"row", entry.id},
            {"leaks", entry.leaks},
            {"runs", entry.runs.size()},
            {"missing", entry.missing}};
  for (std::size_t k = 0; k < kMeasures.size(); ++k) {
    Json figure{{"mean", number_or_null(summary.figures[k].mean)},
                {"sd", number_or_null(summary.figures[k].sd)}};
    if (summary.by_speaker) {
      const metrics::Figure& interval = *summary.by_speaker.*kMeasures[k].of_bootstrap;
      figure["ci95"] = {number_or_null(interval.low), number_or_null(interval.high)};
    }
    json[kMeasures[k].key] = std::move(figure);
  }
  return json;
}

Json comparison_to_json(const StudyRecord& study, const Comparison& comparison) {
  const metrics::PairedTest& test = comparison.test;
  return Json{{"row", study.entries[comparison.entry].id},
              {"figure", kMeasures[comparison.measure].key},
              {"pairs", test.pairs},
              {"difference", number_or_null(test.mean)},
              {"ci95", {number_or_null(test.low), number_or_null(test.high)}},
              {"p", number_or_null(test.p)},
              {"p_holm", number_or_null(comparison.p_adjusted)},
              {"detectable", number_or_null(comparison.detectable)},
              {"shown", comparison.shown()},
              {"conclusion", conclusion(comparison)}};
}

Json study_to_json(const StudyRecord& study, const StudyAnalysis& analysis,
                   const StudyReport& report, const fs::path& out) {
  Json rows = Json::array(), comparisons = Json::array();
  for (std::size_t i = 0; i < study.entries.size(); ++i)
    rows.push_back(row_to_json(study.entries[i], analysis.summaries[i]));
  for (const Comparison& comparison : analysis.comparisons)
    comparisons.push_back(comparison_to_json(study, comparison));
  return Json{{"report", (out / "index.html").string()}, {"study", study.config.name},
              {"baseline", study.config.baseline},       {"rows", std::move(rows)},
              {"comparisons", std::move(comparisons)},   {"figures", report.figures}};
}

}  // namespace

void StudyArguments::declare(CLI::App& app) {
  app.add_option("--results", results, "of a study: its folder of results, if not beside its file");
  app.add_option(
         "--rows", rows,
         "of a study: rows with confusion matrix, curves and so on (default: all of a small "
         "study, else the baseline and what differs from it)")
      ->delimiter(',');
  app.add_flag("--readme", readme, "of a study: also README.md, its tables, beside the results");
}

void StudyArguments::refuse_for(const std::string& path) const {
  if (results.empty() && rows.empty() && !readme) return;
  fail(ErrorKind::usage, "{} is no study: --results, --rows and --readme are for studies", path);
}

int report_study(const fs::path& path, const fs::path& out, const StudyArguments& arguments,
                 bool json) {
  const StudyRecord study = read_study(path, arguments.results);
  const StudyAnalysis analysis = analyse_study(study);
  const fs::path target = out.empty() ? study.results / "report" : out;
  StudyReportOptions options;
  options.rows = arguments.rows;
  if (arguments.readme) options.readme = study.results / "README.md";
  const StudyReport report = write_study_report(study, analysis, target, options);
  for (const std::string& warning : study_warnings(study)) log_warning("{}", warning);
  if (!report.trouble.empty()) log_warning("{}", report.trouble);
  if (arguments.readme) log_info("tables written to {}", options.readme.string());
  log_info("report written to {}", (target / "index.html").string());
  if (json) std::cout << study_to_json(study, analysis, report, target).dump(2) << '\n';
  return 0;
}

}  // namespace parlando::report
