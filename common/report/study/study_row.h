#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/metrics/calibration.h"
#include "common/metrics/confusion_matrix.h"
#include "common/metrics/evaluation.h"

namespace parlando::report {

/// Figures of one side, between 0 and 1.
struct StudyFigures {
  double accuracy = 0, uar = 0, macro_f1 = 0, weighted_f1 = 0;

  bool operator==(const StudyFigures&) const = default;
};

/// A test clip whose class was not found.
struct StudyError {
  std::string clip, actor;
  int truth = 0, predicted = 0;  ///< class indices
  double confidence = 0;         ///< probability of the predicted class
};

/// Figures by epoch; NaN where there is none.
struct StudyCurve {
  std::vector<std::int64_t> epoch;  ///< from 1
  std::vector<double> train_loss, validation_loss, validation_accuracy, validation_uar;
};

/// Figures of the test side under a condition such as "noise 10 dB".
struct StudyCondition {
  std::string condition;
  double accuracy = 0, uar = 0;
};

/// What it takes to make a row again, and to tell whether it is still what the study would make.
struct StudyOrigin {
  std::string command;
  /// Hashes of what the run was asked to be: the keys of training and preprocess that are not at
  /// their defaults, so that a key that is added to the program makes no row stale; the second one
  /// with the corpus and the numerics of the features too.
  std::string train_key, data_key;
  std::string config_hash, data_hash, split_hash, corpus_hash;  ///< as in the run's result.json
  std::string version, libtorch, processor;
};

/// One run of a study, as it is committed: experiments/results/STUDY/ROW/seed-01.json, or
/// seed-01-fold-2.json. Numbers that are not known are NaN, null in the file.
struct StudyRow {
  std::string study, row;
  std::uint64_t seed = 0;
  std::optional<int> fold;
  /// "test", or "validation": then "test" below means that side, and the test side is unread.
  std::string side = "test";
  std::vector<std::string> leaks;  ///< allowed by protocol.allow_leak: figures are too good
  bool permuted_labels = false;    ///< trained and tested on labels dealt out at random

  StudyFigures figures;     ///< of the test side
  StudyFigures validation;  ///< of the validation side, for the weights kept
  double validation_loss = 0;
  std::int64_t n_train = 0, n_validation = 0, n_test = 0;  ///< clips

  std::vector<std::string> classes;
  metrics::ConfusionMatrix confusion;
  std::vector<metrics::Breakdown> breakdowns;  ///< by channel, sex, intensity, statement, actor
  /// Test clips of each speaker by class; with the errors this gives each speaker's confusions.
  std::map<std::string, std::vector<std::int64_t>> support;
  std::vector<StudyError> errors;
  metrics::Calibration calibration;
  StudyCurve curve;

  std::int64_t epochs = 0, best_epoch = 0;
  double seconds = 0, samples_per_second = 0;  ///< of training
  std::int64_t parameters = 0;
  int world_size = 1;
  std::vector<StudyCondition> robustness;
  StudyOrigin made_by;
};

/// "seed-01.json" or "seed-01-fold-2.json".
std::string study_row_file(std::uint64_t seed, std::optional<int> fold);

/// One line a key, atomically. Reading throws Error(artefact) naming file and key.
void write_study_row(const std::filesystem::path& path, const StudyRow& row);
StudyRow read_study_row(const std::filesystem::path& path);
/// What the row was made by alone.
StudyOrigin read_study_origin(const std::filesystem::path& path);

/// All rows of a study's folder of results: by the name of the row, then seed, then fold. None if
/// there is no such folder.
std::vector<StudyRow> read_study_rows(const std::filesystem::path& folder);

}  // namespace parlando::report
