#pragma once

#include <string>
#include <vector>

#include "common/io/json.h"
#include "experiments/sweep/report/leaderboard.h"

namespace parlando::sweep {

/// A sweep as far as it has come.
struct Collection {
  std::vector<TrialResult> trials;
  std::vector<LeaderboardRow> rows;
  std::vector<int> missing, failed;

  bool complete() const { return missing.empty() && failed.empty(); }
};

/// Reads all trials and writes results.csv, results.json and best.yaml (best-preprocess.yaml where
/// preprocess was varied) into the sweep's folder.
Collection collect(const Sweep& sweep);

Json collection_to_json(const Sweep& sweep, const Collection& collection);

/// The best configurations as a table for a terminal, then what is missing or failed, and why.
std::string collection_text(const Sweep& sweep, const Collection& collection);

/// The configuration of training with a trial's parameters, without its seed and fold.
std::string best_config(const Sweep& sweep, int trial);

}  // namespace parlando::sweep
