#include <array>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "common/report/numbers.h"
#include "common/report/study/study_plots.h"
#include "common/report/study/study_sections.h"
#include "common/report/study/study_words.h"

namespace parlando::report {
namespace {

void add_plot(Section& section, Plot plot) {
  if (!plot.commands.empty()) section.blocks.emplace_back(std::move(plot));
}

/// Differing values of one origin over all runs, "-" for unknown ones.
std::string values_of(const StudyRecord& study, std::string StudyOrigin::*value) {
  std::set<std::string> values;
  for (const StudyEntry& entry : study.entries) {
    for (const StudyRow& run : entry.runs) values.insert(run.made_by.*value);
  }
  std::string text;
  for (const std::string& one : values)
    text += (text.empty() ? "" : "; ") + (one.empty() ? "-" : one);
  return text;
}

}  // namespace

Section runs_section(const StudyRecord& study) {
  Section section{.id = "runs",
                  .heading = "Every run",
                  .lead = "Seeds are paired: equal numbers draw the same sides in all rows.",
                  .blocks = {}};
  TextTable table{.caption = fmt::format("{}, per cent", study.config.side_title()),
                  .columns = {{"row", true}, {"seed"}, {"fold"}},
                  .rows = {},
                  .fold = "All runs as a table"};
  for (const Measure& measure : kMeasures) table.columns.push_back({measure.name});
  for (const char* name : {"clips", "best epoch", "epochs", "training"})
    table.columns.push_back({name});
  for (const StudyEntry& entry : study.entries) {
    for (const StudyRow& run : entry.runs) {
      TableRow row{.cells = {entry.marked(), std::to_string(run.seed),
                             run.fold ? std::to_string(*run.fold) : "-"},
                   .mark = entry.leaky() ? "leak" : ""};
      for (const Measure& measure : kMeasures)
        row.cells.push_back(percent(run.figures.*measure.of_run));
      row.cells.push_back(grouped(run.n_test));
      row.cells.push_back(std::to_string(run.best_epoch));
      row.cells.push_back(std::to_string(run.epochs));
      row.cells.push_back(readable_duration(run.seconds));
      table.rows.push_back(std::move(row));
    }
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section study_curves_section(const StudyRecord& study, const Chosen& chosen) {
  Section section{.id = "curves",
                  .heading = "How they learned",
                  .lead =
                      "Lines are medians over runs, bands their range, while at least half of "
                      "the runs train.",
                  .blocks = {}};
  for (const std::size_t i : chosen) {
    const StudyEntry& entry = study.entries[i];
    add_plot(section, loss_plot(entry, plot_name("loss", study, i)));
    add_plot(section, validation_plot(entry, plot_name("validation", study, i)));
  }
  return section;
}

Section study_calibration_section(const StudyRecord& study, const Chosen& chosen) {
  Section section{.id = "calibration",
                  .heading = "Whether confidence means what it says",
                  .lead = "",
                  .blocks = {}};
  TextTable table{.caption =
                      "Mean \u00b1 sd over runs: expected calibration error (15 bins, points), "
                      "Brier score, negative log likelihood",
                  .columns = {{"row", true}, {"ECE"}, {"Brier"}, {"NLL"}},
                  .rows = {}};
  for (const StudyEntry& entry : study.entries) {
    if (entry.runs.empty()) continue;
    std::vector<double> ece, brier, nll;
    for (const StudyRow& run : entry.runs) {
      ece.push_back(run.calibration.ece);
      brier.push_back(run.calibration.brier);
      nll.push_back(run.calibration.nll);
    }
    const auto text = [](const MeanSd& figure) {
      return std::isfinite(figure.sd) ? fmt::format("{:.3f} \u00b1 {:.3f}", figure.mean, figure.sd)
                                      : fmt::format("{:.3f}", figure.mean);
    };
    table.rows.push_back(
        {{entry.marked(), mean_text(mean_sd(ece)), text(mean_sd(brier)), text(mean_sd(nll))},
         entry.leaky() ? "leak" : ""});
  }
  section.blocks.emplace_back(std::move(table));
  for (const std::size_t i : chosen)
    add_plot(section, reliability_plot(study.entries[i], plot_name("reliability", study, i)));
  return section;
}

Section robustness_section(const StudyRecord& study, const Chosen& chosen) {
  Section section{.id = "robustness",
                  .heading = "Under other conditions",
                  .lead =
                      "The same models on changed test clips. Nothing was trained or chosen on "
                      "them.",
                  .blocks = {}};
  const std::vector<std::string> conditions = conditions_of(study);
  if (conditions.empty()) return section;
  TextTable table{.caption = "Accuracy / UAR, per cent, mean over runs",
                  .columns = {{"row", true}},
                  .rows = {}};
  for (const std::string& condition : conditions) table.columns.push_back({condition});
  for (const StudyEntry& entry : study.entries) {
    if (entry.runs.empty()) continue;
    TableRow row{.cells = {entry.marked()}, .mark = entry.leaky() ? "leak" : ""};
    for (const std::string& condition : conditions) {
      const Spread accuracy = condition_over_runs(entry, condition, &StudyCondition::accuracy);
      const Spread uar = condition_over_runs(entry, condition, &StudyCondition::uar);
      row.cells.push_back(
          accuracy.n == 0 ? "-"
                          : fmt::format("{} / {}", percent(accuracy.middle), percent(uar.middle)));
    }
    table.rows.push_back(std::move(row));
  }
  section.blocks.emplace_back(std::move(table));
  std::size_t number = 0;
  for (const ConditionFamily& family : condition_families(conditions)) {
    add_plot(section,
             robustness_plot(study, chosen, family, fmt::format("robustness-{}", ++number)));
  }
  return section;
}

Section origin_section(const StudyRecord& study) {
  Section section{.id = "origin",
                  .heading = "What it takes to repeat it",
                  .lead =
                      "Each command makes its run again; a machine of the same kind gives the "
                      "same figures.",
                  .blocks = {}};
  TextTable facts{.caption = "Over all runs", .columns = {{"", true}, {"", true}}, .rows = {}};
  const std::array<std::pair<const char*, std::string StudyOrigin::*>, 4> kinds{
      {{"parlando", &StudyOrigin::version},
       {"libtorch", &StudyOrigin::libtorch},
       {"processor", &StudyOrigin::processor},
       {"corpus", &StudyOrigin::corpus_hash}}};
  for (const auto& [name, value] : kinds) facts.rows.push_back({{name, values_of(study, value)}});
  section.blocks.emplace_back(std::move(facts));
  for (const StudyEntry& entry : study.entries) {
    TextTable hashes{.caption = "Hashes of " + entry.marked(),
                     .columns = {{"run", true}, {"configuration"}, {"dataset"}, {"split"}},
                     .rows = {},
                     .fold = entry.marked() + ": hashes"};
    CommandLines commands{.lines = {}, .fold = entry.marked() + ": commands"};
    for (const StudyRow& run : entry.runs) {
      hashes.rows.push_back({{run_in_words(run.seed, run.fold), run.made_by.config_hash,
                              run.made_by.data_hash, run.made_by.split_hash}});
      commands.lines.push_back(run.made_by.command);
    }
    if (entry.runs.empty()) continue;
    section.blocks.emplace_back(std::move(commands));
    section.blocks.emplace_back(std::move(hashes));
  }
  return section;
}

}  // namespace parlando::report
