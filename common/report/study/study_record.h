#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/report/study/study_config.h"
#include "common/report/study/study_row.h"

namespace parlando::report {

/// A row of a study with its runs, one a seed (and fold).
struct StudyEntry {
  std::string id, title, note;
  std::vector<StudyRow> runs;        ///< by seed, then fold
  std::vector<std::string> missing;  ///< "seed 3", "seed 3 fold 2": declared, not there
  std::vector<std::string> leaks;    ///< allowed by any of its runs; such figures are too good
  bool permuted_labels = false;      ///< a control: labels were dealt out at random

  const StudyRow* run(std::uint64_t seed, std::optional<int> fold) const;
  std::size_t expected() const { return runs.size() + missing.size(); }
  std::size_t seeds() const;  ///< that have a run
  /// The title, marked as a leak or a control where it is one.
  std::string marked() const;
  bool leaky() const { return !leaks.empty(); }
  /// Whether it may stand in one table with the baseline.
  bool comparable() const { return !leaky() && !permuted_labels && !runs.empty(); }
};

/// What a study's file declares and what its folder of results has.
struct StudyRecord {
  StudyConfig config;
  std::filesystem::path results;
  bool declared = true;               ///< else there is no file, and rows are what the folder has
  std::vector<StudyEntry> entries;    ///< in the order of the file
  std::vector<std::string> left_out;  ///< results that the file does not declare

  const StudyEntry* entry(const std::string& id) const;
  const StudyEntry* baseline() const { return entry(config.baseline); }
  std::size_t missing() const;
};

/// Reads a study by its file (results in ../results/NAME beside the file's folder) or by its folder
/// of results (file in ../../studies/NAME.yaml). `results` names another folder. Throws
/// Error(usage) for a bad file, Error(artefact) naming a run's file that is damaged, contradicts
/// itself or is of another study, or if there is no run at all.
StudyRecord read_study(const std::filesystem::path& path,
                       const std::filesystem::path& results = {});

/// Puts runs to the rows that `config` declares. `runs` are of one study.
StudyRecord arrange_study(StudyConfig config, std::vector<StudyRow> runs, bool declared = true);

/// "seed 3", or "seed 3 fold 2".
std::string run_in_words(std::uint64_t seed, std::optional<int> fold);

}  // namespace parlando::report
