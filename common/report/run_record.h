#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/metrics/evaluation.h"

namespace parlando::report {

/// A line of metrics.jsonl. Values that the line does not give are NaN.
struct Epoch {
  std::int64_t epoch = 0;
  double train_loss = 0, train_accuracy = 0;
  double validation_loss = 0, validation_accuracy = 0, validation_uar = 0;
  double learning_rate = 0;
  double seconds = 0;
  double samples_per_second = 0;
  double data_wait = 0;  ///< share of the steps' time
  bool best = false;     ///< the best epoch when the line was written
};

/// A way in which two sides of the split know each other.
struct SideRelation {
  std::string name;   ///< "shared-speaker", "repetition-pair", ...
  std::string sides;  ///< "train/test", ...
  std::int64_t count = 0;
  bool tolerated = false;
};

struct Dropped {
  std::string clip, reason;
};

struct TestRead {
  std::string time, verb, reason;
  std::int64_t clips = 0;
};

/// What the files of a run folder say, without their formats. Texts that are not known are empty,
/// numbers 0.
struct RunRecord {
  std::filesystem::path folder;
  std::string name;                  ///< of the folder
  std::vector<std::string> missing;  ///< files of a finished run that are not there

  std::optional<metrics::Evaluation> evaluation;
  std::vector<metrics::Prediction> predictions;  ///< of the test side; with an evaluation alone
  std::vector<Epoch> epochs;
  std::int64_t best_epoch = 0;

  std::string corpus_name;
  bool synthetic = false;
  std::string scheme, by, split_seed;
  std::int64_t fold = 0;
  std::map<std::string, std::int64_t> side_sizes;  ///< clips of "train", "validation", "test"
  std::vector<SideRelation> relations;
  std::map<std::string, std::vector<std::string>> channels;  ///< that a side is limited to
  std::vector<Dropped> dropped;
  std::vector<TestRead> test_reads;

  std::vector<std::string> allowed_leaks;  ///< by protocol.allow_leak: figures are too good
  bool permuted_labels = false;            ///< labels were dealt out at random

  std::string seed;
  std::int64_t parameters = 0;
  std::int64_t world_size = 0;
  double train_seconds = 0;
  double samples_per_second = 0;

  std::string config;                                            ///< effective configuration, YAML
  std::vector<std::pair<std::string, std::string>> versions;     ///< "corpus hash" and the like
  std::vector<std::pair<std::string, std::string>> environment;  ///< environment.json, flat

  const SideRelation* relation(const std::string& relation_name, const std::string& sides) const;
  /// Relations that occur though the protocol does not tolerate them.
  std::vector<SideRelation> leaks() const;
  /// Dropped clips for people: one entry instead of many of the same reason, such as "812 clips".
  std::vector<Dropped> dropped_for_people() const;
  /// The line of best_epoch, or nullptr.
  const Epoch* best() const;
};

/// Reads a run folder, finished or not. Throws Error(artefact) if it holds no run or a file is
/// damaged, naming the file.
RunRecord read_run(const std::filesystem::path& folder);

}  // namespace parlando::report
