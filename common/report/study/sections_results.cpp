#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "common/report/numbers.h"
#include "common/report/study/study_plots.h"
#include "common/report/study/study_sections.h"
#include "common/report/study/study_words.h"

namespace parlando::report {
namespace {

bool has_notes(const StudyRecord& study) {
  return std::ranges::any_of(study.entries, [](const auto& entry) { return !entry.note.empty(); });
}

bool is_compared(const StudyRecord& study, std::size_t measure) {
  const std::vector<std::size_t> compared = compared_measures(study.config);
  return std::ranges::find(compared, measure) != compared.end();
}

/// Columns of a table of means: the compared measures with their intervals.
TextTable means_table(const StudyRecord& study, const std::string& caption) {
  TextTable table{.caption = caption, .columns = {{"row", true}, {"runs"}}, .rows = {}};
  for (std::size_t k = 0; k < kMeasures.size(); ++k) {
    table.columns.push_back({kMeasures[k].name});
    if (is_compared(study, k)) table.columns.push_back({"95 %"});
  }
  if (has_notes(study)) table.columns.push_back({"note", true});
  return table;
}

TableRow means_row(const StudyRecord& study, const StudyAnalysis& analysis, std::size_t index) {
  const StudyEntry& entry = study.entries[index];
  const EntrySummary& summary = analysis.summaries[index];
  const bool baseline = entry.id == study.config.baseline;
  TableRow row;
  if (entry.leaky()) row.mark = "leak";
  if (baseline) row.mark = "mean";
  const bool say = baseline && entry.title != "baseline";
  const std::string name = say ? entry.marked() + " (baseline)" : entry.marked();
  row.cells = {name, runs_text(entry)};
  for (std::size_t k = 0; k < kMeasures.size(); ++k) {
    row.cells.push_back(entry.runs.empty() ? "-" : mean_text(summary.figures[k]));
    if (!is_compared(study, k)) continue;
    const auto interval = summary.by_speaker;
    const metrics::Figure figure =
        interval ? *interval.*kMeasures[k].of_bootstrap : metrics::Figure{};
    row.cells.push_back(interval ? interval_text(figure.low, figure.high) : "-");
  }
  if (has_notes(study)) {
    std::string note = entry.note;
    for (const std::string& leak : entry.leaks)
      note = fmt::format("allow_leak {}{}{}", leak, note.empty() ? "" : "; ", note);
    row.cells.push_back(note);
  }
  return row;
}

std::optional<TableRow> published_row(const StudyRecord& study) {
  const PublishedFigures& published = study.config.published;
  bool any = false;
  TableRow row{
      .cells = {published.source.empty() ? "published" : "published: " + published.source, "-"}};
  for (std::size_t k = 0; k < kMeasures.size(); ++k) {
    const std::optional<double> figure = published.*kMeasures[k].published;
    any = any || figure;
    row.cells.push_back(figure ? percent(*figure) : "-");
    if (is_compared(study, k)) row.cells.emplace_back("-");
  }
  if (has_notes(study)) row.cells.emplace_back("");
  return any ? std::optional(row) : std::nullopt;
}

TextTable differences_table(const StudyRecord& study, const StudyAnalysis& analysis,
                            std::size_t measure, bool leaky) {
  TextTable table{.caption = fmt::format("{}, points", kMeasures[measure].name),
                  .columns = {{"row", true},
                              {"conclusion", true},
                              {"difference"},
                              {"95 %, corrected t"},
                              {"95 %, by speaker"},
                              {"p"},
                              {"p, Holm"},
                              {"detectable alone"},
                              {"detectable, Holm"},
                              {"pairs"}},
                  .rows = {}};
  for (const Comparison& comparison : analysis.comparisons) {
    const StudyEntry& entry = study.entries[comparison.entry];
    if (comparison.measure != measure || entry.leaky() != leaky || entry.permuted_labels) continue;
    const metrics::PairedTest& test = comparison.test;
    const metrics::Figure by_speaker =
        comparison.by_speaker.value_or(metrics::Figure{NAN, NAN, NAN});
    const bool tested = comparison.tested();
    table.rows.push_back(
        {{entry.marked(), conclusion(comparison), tested ? points(test.mean) : "-",
          points_interval(test.low, test.high), points_interval(by_speaker.low, by_speaker.high),
          tested ? p_text(test.p) : "-", p_text(comparison.p_adjusted),
          percent(comparison.detectable_alone), percent(comparison.detectable),
          std::to_string(test.pairs)},
         leaky ? "leak" : ""});
  }
  return table;
}

}  // namespace

Section results_section(const StudyRecord& study, const StudyAnalysis& analysis) {
  Section section{.id = "results", .heading = "Results", .lead = "", .blocks = {}, .brief = true};
  TextTable table = means_table(
      study, fmt::format("{}, per cent: mean \u00b1 sd over seeds", study.config.side_title()));
  TextTable controls = means_table(study, "Controls with labels dealt out at random, per cent");
  if (const auto published = published_row(study)) table.rows.push_back(*published);
  for (std::size_t i = 0; i < study.entries.size(); ++i) {
    const StudyEntry& entry = study.entries[i];
    if (entry.permuted_labels) {
      controls.rows.push_back(means_row(study, analysis, i));
    } else if (!entry.leaky()) {
      table.rows.push_back(means_row(study, analysis, i));
    }
  }
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  if (!controls.rows.empty()) section.blocks.emplace_back(std::move(controls));
  for (const std::size_t measure : compared_measures(study.config))
    section.blocks.emplace_back(means_plot(study, analysis, measure));
  return section;
}

Section leaks_section(const StudyRecord& study, const StudyAnalysis& analysis) {
  Section section{.id = "leaks",
                  .heading = "With an allowed leak: too good, no results",
                  .lead =
                      "What published protocols let in, switched on by protocol.allow_leak to "
                      "show its size. These rows are in no ranking with those above.",
                  .blocks = {},
                  .brief = true};
  TextTable table =
      means_table(study, "Test side with a leak, per cent: mean \u00b1 sd over seeds");
  for (std::size_t i = 0; i < study.entries.size(); ++i) {
    if (study.entries[i].leaky() && !study.entries[i].permuted_labels)
      table.rows.push_back(means_row(study, analysis, i));
  }
  if (table.rows.empty()) return section;
  if (const auto published = published_row(study)) table.rows.push_back(*published);
  section.blocks.emplace_back(std::move(table));
  for (const std::size_t measure : compared_measures(study.config)) {
    TextTable differences = differences_table(study, analysis, measure, true);
    differences.caption += ": what the leak brings against the baseline";
    if (!differences.rows.empty()) section.blocks.emplace_back(std::move(differences));
  }
  return section;
}

Section differences_section(const StudyRecord& study, const StudyAnalysis& analysis) {
  Section section{.id = "differences",
                  .heading = "Differences from the baseline",
                  .lead = "",
                  .blocks = {},
                  .brief = true};
  if (analysis.comparisons.empty()) return section;
  section.lead = fmt::format("Each row less \u201c{}\u201d, run by run.", study.baseline()->title);
  for (const std::size_t measure : compared_measures(study.config)) {
    TextTable table = differences_table(study, analysis, measure, false);
    if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
    if (const auto plot = differences_plot(study, analysis, measure))
      section.blocks.emplace_back(*plot);
  }
  return section;
}

Section reading_section(const StudyRecord& study, const StudyAnalysis& analysis) {
  Section section{
      .id = "reading", .heading = "How to read this", .lead = "", .blocks = {}, .brief = true};
  section.blocks.emplace_back(Bullets{study_meaning(study, analysis)});
  return section;
}

}  // namespace parlando::report
