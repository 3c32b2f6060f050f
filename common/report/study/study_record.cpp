#include "common/report/study/study_record.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/report/study/study_files.h"

namespace parlando::report {
namespace {

std::vector<std::optional<int>> folds_of(const StudyConfig& config, const StudyRowConfig& row) {
  const std::vector<int>& folds = config.folds_of(row);
  if (folds.empty()) return {std::nullopt};
  return std::vector<std::optional<int>>(folds.begin(), folds.end());
}

void note_leaks(StudyEntry& entry, const StudyRow& run) {
  for (const std::string& leak : run.leaks) {
    if (std::ranges::find(entry.leaks, leak) == entry.leaks.end()) entry.leaks.push_back(leak);
  }
  entry.permuted_labels = entry.permuted_labels || run.permuted_labels;
}

/// Without a file, a row is what runs say of themselves.
StudyConfig found_config(const std::vector<StudyRow>& runs) {
  StudyConfig config;
  config.name = runs.front().study;
  config.side = runs.front().side;
  for (const StudyRow& run : runs) {
    if (!config.rows.empty() && config.rows.back().id == run.row) continue;
    config.rows.push_back({});
    config.rows.back().id = run.row;
  }
  return config;
}

/// Runs of one row have one set of classes and as many calibration bins, or they are no one row.
void check_alike(const StudyEntry& entry, const std::filesystem::path& results) {
  for (const StudyRow& run : entry.runs) {
    const StudyRow& first = entry.runs.front();
    if (run.classes == first.classes &&
        run.calibration.bins.size() == first.calibration.bins.size())
      continue;
    fail(ErrorKind::artefact,
         "{}: other classes or calibration bins than the row's first run; remove the files of the "
         "row that are out of date and run the study again",
         (results / run.row / study_row_file(run.seed, run.fold)).string());
  }
}

}  // namespace

const StudyRow* StudyEntry::run(std::uint64_t seed, std::optional<int> fold) const {
  const auto found = std::ranges::find_if(
      runs, [&](const StudyRow& run) { return run.seed == seed && run.fold == fold; });
  return found == runs.end() ? nullptr : &*found;
}

std::size_t StudyEntry::seeds() const {
  std::set<std::uint64_t> seen;
  for (const StudyRow& run : runs) seen.insert(run.seed);
  return seen.size();
}

std::string StudyEntry::marked() const {
  const char* mark = leaky() ? "LEAK: " : permuted_labels ? "control: " : "";
  return mark + title;
}

const StudyEntry* StudyRecord::entry(const std::string& id) const {
  const auto found = std::ranges::find(entries, id, &StudyEntry::id);
  return found == entries.end() ? nullptr : &*found;
}

std::size_t StudyRecord::missing() const {
  std::size_t count = 0;
  for (const StudyEntry& entry : entries) count += entry.missing.size();
  return count;
}

std::string run_in_words(std::uint64_t seed, std::optional<int> fold) {
  return fold ? fmt::format("seed {} fold {}", seed, *fold) : fmt::format("seed {}", seed);
}

StudyRecord arrange_study(StudyConfig config, std::vector<StudyRow> runs, bool declared) {
  StudyRecord study;
  study.declared = declared;
  std::set<std::size_t> taken;
  for (const StudyRowConfig& row : config.rows) {
    StudyEntry entry;
    entry.id = row.id;
    entry.title = row.name();
    entry.note = row.note;
    const auto take = [&](std::size_t i) {
      note_leaks(entry, runs[i]);
      entry.runs.push_back(std::move(runs[i]));
      taken.insert(i);
    };
    for (std::size_t i = 0; !declared && i < runs.size(); ++i) {
      if (!taken.contains(i) && runs[i].row == row.id) take(i);
    }
    std::vector<std::uint64_t> seeds = config.seeds_of(row);
    std::ranges::sort(seeds);
    for (const std::uint64_t seed : seeds) {
      for (const std::optional<int> fold : folds_of(config, row)) {
        const auto found = std::ranges::find_if(runs, [&](const StudyRow& run) {
          return run.row == row.id && run.seed == seed && run.fold == fold;
        });
        if (found == runs.end()) {
          entry.missing.push_back(run_in_words(seed, fold));
        } else {
          take(static_cast<std::size_t>(found - runs.begin()));
        }
      }
    }
    study.entries.push_back(std::move(entry));
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!taken.contains(i))
      study.left_out.push_back(runs[i].row + " " + run_in_words(runs[i].seed, runs[i].fold));
  }
  study.config = std::move(config);
  return study;
}

StudyRecord read_study(const std::filesystem::path& path, const std::filesystem::path& results) {
  StudyConfig config;
  const StudyPlace place = find_study(path, results);
  const bool declared = !place.file.empty();
  if (declared) config = load_study_config(place.file.string());
  std::vector<StudyRow> runs = read_study_rows(place.results);
  if (runs.empty()) {
    fail(ErrorKind::artefact,
         "{}: no results of a study here (ROW/seed-01.json and the like); 'parlando study run' "
         "makes them, --results names another folder",
         place.results.string());
  }
  if (!declared) config = found_config(runs);
  for (const StudyRow& run : runs) check_study_row(run, config, place.results);
  StudyRecord study = arrange_study(std::move(config), std::move(runs), declared);
  study.results = place.results;
  for (const StudyEntry& entry : study.entries) check_alike(entry, place.results);
  return study;
}

}  // namespace parlando::report
