#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "experiments/sweep/space/sweep_config.h"
#include "experiments/sweep/space/trial.h"
#include "experiments/sweep/work/halving.h"

namespace parlando::sweep {

/// Names in a sweep's folder (docs/sweeps.md).
namespace sweep_files {
inline constexpr const char* kSweep = "sweep.json";
inline constexpr const char* kConfig = "sweep.yaml";
inline constexpr const char* kTrain = "train.yaml";
inline constexpr const char* kPreprocess = "preprocess.yaml";
inline constexpr const char* kTrials = "trials.jsonl";
inline constexpr const char* kRounds = "rounds";
inline constexpr const char* kRungs = "rungs";
inline constexpr const char* kOutcomes = "outcomes";
inline constexpr const char* kDatasets = "datasets";
inline constexpr const char* kOwn = "configurations";
inline constexpr const char* kResultsCsv = "results.csv";
inline constexpr const char* kResultsJson = "results.json";
inline constexpr const char* kBest = "best.yaml";
inline constexpr const char* kBestPreprocess = "best-preprocess.yaml";
}  // namespace sweep_files

/// A sweep whose trials are written down. What it was made from is copied into its folder: later
/// changes of the configuration files do not reach it. A study (experiments/study) is worked on as
/// one whose trials have configurations of their own and read the test side at their end.
struct Sweep {
  std::filesystem::path folder;
  SweepConfig config;
  std::vector<Trial> trials;
  HalvingPlan plan;
  std::string verb = "sweep";  ///< that its jobs run
  bool tests = false;          ///< trials read the test side, once, when they have ended
  std::set<int> left_out{};    ///< trials that nobody is to work on
  /// Told of a trial whose training has ended well, under the trial's lock and from any thread:
  /// before its outcome is written (what it throws is a failure of the trial), and after.
  std::function<void(const Trial&)> on_finished{}, on_settled{};

  bool halves() const { return plan.rungs.size() > 1; }
  /// "trials/0007".
  std::filesystem::path trial_folder(int trial) const;
  std::filesystem::path run_folder(int trial) const { return trial_folder(trial) / "run"; }
  std::filesystem::path outcome(int trial) const;
  std::filesystem::path rung_entry(int rung, int trial) const;
  /// Configurations that the trial's keys are laid over.
  std::filesystem::path train_file(const Trial& trial) const;
  std::filesystem::path preprocess_file(const Trial& trial) const;
  /// The dataset that a trial trains on.
  std::filesystem::path dataset(const Trial& trial) const;
};

/// Writes the trials of a sweep into its folder, or adds those that a sweep there has not. Every
/// trial's configuration is read first. Throws Error(usage) naming trial and key for one that
/// training or preprocess would refuse, and if the folder holds another sweep or other files,
/// saying what differs.
Sweep create_sweep(const SweepConfig& config, const std::filesystem::path& folder);

/// The lines of trials.jsonl. Reading throws Error(artefact) naming the file and line.
std::vector<Trial> read_trials(const std::filesystem::path& path);
void write_trials(const std::filesystem::path& path, const std::vector<Trial>& trials);

/// Throws Error(artefact) if there is no sweep or it is damaged.
Sweep open_sweep(const std::filesystem::path& folder);

/// Number of the next round of work on a sweep (a `run` or a `submit`), whose file it makes. A
/// failed trial is tried again in a later round.
int begin_round(const Sweep& sweep, const std::string& kind);
/// "rounds/0003.json".
std::filesystem::path round_file(const Sweep& sweep, int round);

}  // namespace parlando::sweep
