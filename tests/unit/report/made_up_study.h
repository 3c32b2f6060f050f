#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/report/study/study_record.h"

namespace parlando::report {

/// How well the runs of a made-up row do, and what it is.
struct MadeUpRow {
  std::string id;
  double error = 0.2;  ///< share of the clips that is not recognised, on average
  std::vector<std::string> leaks{};
  bool permuted_labels = false;
  bool song_alone = false;  ///< other test clips than the rest
};

/// A run of 8 speakers, 3 classes and 5 clips of each: 120 test clips, 480 of training. Counts
/// agree with each other. The same clips are hard in all rows of a seed, so that rows are paired;
/// beside that each run has luck of its own.
StudyRow made_up_run(const MadeUpRow& row, std::uint64_t seed, std::optional<int> fold = {});

struct MadeUpStudy {
  std::vector<MadeUpRow> rows;
  std::vector<std::uint64_t> seeds{1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<int> folds{};

  /// The first row is the baseline.
  StudyConfig config() const;
  std::vector<StudyRow> runs() const;
  StudyRecord record() const { return arrange_study(config(), runs()); }
  /// studies/made-up.yaml and results/made-up/ROW/seed-01.json in `folder`.
  void write(const std::filesystem::path& folder) const;
};

}  // namespace parlando::report
