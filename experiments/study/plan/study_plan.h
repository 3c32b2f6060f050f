#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/report/study/study_config.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "train/run/train_config.h"

namespace parlando::study {

/// One run of a study: a row with a seed and a fold, and all that it is trained with.
struct StudyRun {
  std::string row;
  std::uint64_t seed = 0;
  std::optional<int> fold;
  std::string train_key;   ///< hash of the training's keys that are not at their defaults
  std::string recipe_key;  ///< the same of preprocess, and of the features' numerics
  std::string settings;    ///< hash of both whole configurations

  /// "no-attention/3" or "no-attention/3/0": row, seed, fold; what --only takes.
  std::string name() const;
  /// "no-attention/seed-03.json", below the study's results.
  std::filesystem::path file() const;
};

/// The runs of a study, and their configurations.
class StudyPlan {
 public:
  /// Reads the configurations of all rows as training and preprocess will. Throws Error(usage)
  /// naming row, file and key for one that would be refused.
  explicit StudyPlan(report::StudyConfig config);

  const report::StudyConfig& config() const { return config_; }
  /// All rows with the first seed and fold, then with the next: what is compared in pairs is
  /// trained side by side, and a dataset is needed for a while only.
  const std::vector<StudyRun>& runs() const { return runs_; }
  train::TrainConfig train_of(const StudyRun& run) const;
  preprocess::PreprocessConfig preprocess_of(const StudyRun& run) const;

 private:
  struct Row {
    std::string id;
    train::TrainConfig train;
    preprocess::PreprocessConfig preprocess;
  };
  struct RowTexts;
  void add_runs(const std::vector<RowTexts>& texts, std::size_t turn);
  const Row& row_of(const StudyRun& run) const;
  bool follows_seed(const char* what) const;

  report::StudyConfig config_;
  std::vector<Row> rows_;
  std::vector<StudyRun> runs_;
};

/// The runs that --only names: "ROW", "ROW/SEED" or "ROW/SEED/FOLD" each. Throws Error(usage) for
/// one that there is not.
std::vector<std::size_t> chosen_runs(const std::vector<StudyRun>& runs,
                                     const std::vector<std::string>& only);

}  // namespace parlando::study
