#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "common/report/numbers.h"
#include "common/report/study/study_plots.h"
#include "common/report/study/study_sections.h"
#include "common/report/study/study_words.h"

namespace parlando::report {
namespace {

constexpr std::size_t kMostClips = 25;

/// "calm 6, neutral 1", the commonest first.
std::string taken_text(const ConfusedClip& clip) {
  std::vector<std::pair<std::string, std::size_t>> taken(clip.taken.begin(), clip.taken.end());
  std::ranges::stable_sort(taken, std::ranges::greater{},
                           &std::pair<std::string, std::size_t>::second);
  std::string text;
  for (const auto& [name, times] : taken)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, times);
  return text;
}

bool one_test_side(const StudyEntry& entry) {
  return std::ranges::all_of(entry.runs, [&](const StudyRow& run) {
    return !run.made_by.split_hash.empty() &&
           run.made_by.split_hash == entry.runs.front().made_by.split_hash;
  });
}

/// How many of the runs test one clip, for scale.
std::string how_often_tested(const StudyEntry& entry) {
  if (one_test_side(entry))
    return fmt::format("All {} runs test the same clips.", entry.runs.size());
  double tests = 0, clips = 0;
  for (const StudyRow& run : entry.runs) {
    tests += static_cast<double>(run.n_test);
    clips += static_cast<double>(run.n_train + run.n_validation + run.n_test);
  }
  return fmt::format(
      "Runs test different clips; one clip is in the test side of about {:.1f} of {} runs.",
      static_cast<double>(entry.runs.size()) * tests / clips, entry.runs.size());
}

/// F1 of each class in every row, as long as all rows have the same classes.
TextTable class_table(const StudyRecord& study) {
  TextTable table{.caption = "F1 by class, per cent: mean \u00b1 sd over runs",
                  .columns = {{"row", true}},
                  .rows = {}};
  std::vector<std::string> names;
  for (const StudyEntry& entry : study.entries) {
    const std::vector<ClassOverRuns> classes = classes_over_runs(entry);
    if (classes.empty()) continue;
    if (names.empty()) {
      names = entry.runs.front().classes;
      for (const std::string& name : names) table.columns.push_back({name});
    }
    if (entry.runs.front().classes != names) continue;
    TableRow row{.cells = {entry.marked()}, .mark = entry.leaky() ? "leak" : ""};
    for (const ClassOverRuns& of : classes)
      row.cells.push_back(mean_text({of.f1.middle, of.f1_sd}));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Section study_classes_section(const StudyRecord& study) {
  Section section{.id = "classes",
                  .heading = "Class by class",
                  .lead = "Precision and recall are in classes.csv.",
                  .blocks = {},
                  .brief = true};
  TextTable table = class_table(study);
  if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  return section;
}

Section study_confusion_section(const StudyRecord& study, const Chosen& chosen) {
  Section section{.id = "confusion",
                  .heading = "What is taken for what",
                  .lead = "Counts of all runs of a row together.",
                  .blocks = {}};
  for (const std::size_t i : chosen)
    section.blocks.emplace_back(confusion_plot(study.entries[i], plot_name("confusion", study, i)));
  for (const std::size_t i : chosen) {
    const StudyEntry& entry = study.entries[i];
    section.blocks.emplace_back(ConfusionBlock{entry.marked(), entry.runs.front().classes,
                                               pooled_confusion(entry),
                                               entry.marked() + ": confusion matrix with counts"});
  }
  return section;
}

Section study_groups_section(const StudyRecord& study, const Chosen& chosen) {
  Section section{.id = "groups",
                  .heading = "Who and what is recognised better",
                  .lead =
                      "Mean over runs. Small groups scatter: most differences between actors "
                      "are luck of a few clips, and nothing here is tested.",
                  .blocks = {}};
  for (const std::size_t i : chosen) {
    const StudyEntry& entry = study.entries[i];
    TextTable table{.caption = entry.marked() + ": mean over runs, per cent",
                    .columns = {{"group", true}, {"clips a run"}, {"accuracy"}, {"range"}, {"UAR"}},
                    .rows = {},
                    .fold = entry.marked() + ": groups as a table"};
    for (const GroupOverRuns& group : groups_over_runs(entry)) {
      table.rows.push_back(
          {{group.kind + " " + group.name, fmt::format("{:.1f}", group.clips),
            percent(group.accuracy.middle), interval_text(group.accuracy.low, group.accuracy.high),
            percent(group.uar.middle)}});
    }
    if (table.rows.empty()) continue;
    section.blocks.emplace_back(groups_plot(entry, plot_name("groups", study, i)));
    section.blocks.emplace_back(std::move(table));
  }
  return section;
}

Section study_clips_section(const StudyRecord& study, const Chosen& chosen) {
  Section section{.id = "clips",
                  .heading = "The clips most often confused",
                  .lead =
                      "By the number of runs that took a clip for something else. All are in "
                      "clips.csv.",
                  .blocks = {}};
  for (const std::size_t i : chosen) {
    const StudyEntry& entry = study.entries[i];
    TextTable table{.caption = fmt::format("{}. {}", entry.marked(), how_often_tested(entry)),
                    .columns = {{"clip", true},
                                {"true class", true},
                                {"wrong in runs"},
                                {"taken for", true},
                                {"mean confidence"}},
                    .rows = {},
                    .fold = i == chosen.front() ? "" : entry.marked() + ": clips"};
    const std::vector<ConfusedClip> clips = confused_clips(entry);
    for (std::size_t k = 0; k < std::min(kMostClips, clips.size()); ++k) {
      table.rows.push_back({{clips[k].clip, clips[k].truth, std::to_string(clips[k].wrong),
                             taken_text(clips[k]), percent(clips[k].confidence)}});
    }
    if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  }
  return section;
}

}  // namespace parlando::report
