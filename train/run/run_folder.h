#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/data/dataset.h"
#include "common/data/split.h"
#include "common/dist/launch.h"
#include "common/io/json.h"
#include "train/run/train_config.h"

namespace parlando::train {

/// What makes two runs the same run.
struct RunIdentity {
  std::string config_hash, data_hash, split_hash;
  bool operator==(const RunIdentity&) const = default;
};

/// Names of the files of a run folder.
namespace run_files {
inline constexpr const char* kConfig = "config.yaml";
inline constexpr const char* kEnvironment = "environment.json";
inline constexpr const char* kSplit = "split.json";
inline constexpr const char* kMetrics = "metrics.jsonl";
inline constexpr const char* kSteps = "steps.jsonl";
inline constexpr const char* kLogs = "logs";
inline constexpr const char* kTensorBoard = "tensorboard";
inline constexpr const char* kEvents = "tensorboard/events.out.tfevents.parlando";
inline constexpr const char* kTestReads = "test_reads.jsonl";
inline constexpr const char* kValidation = "validation.json";
inline constexpr const char* kResult = "result.json";
inline constexpr const char* kRobustness = "robustness.json";
inline constexpr const char* kCheckpoints = "checkpoints";
inline constexpr const char* kRanks = "ranks";
inline constexpr const char* kModel = "model";
inline constexpr const char* kReport = "report";
inline constexpr const char* kModelTensors = "model/model.safetensors";
inline constexpr const char* kModelDescription = "model/model.json";
inline constexpr const char* kConditions = "conditions";
/// "predictions-test.jsonl".
std::string predictions(data::Side side);
/// "logs/rank-0000.log".
std::string rank_log(int rank);
}  // namespace run_files

enum class RunStatus { absent, unfinished, finished };

/// What a run is asked to be.
struct RunRequest {
  const TrainConfig& config;
  std::filesystem::path data_folder;
  const data::Split& split;
  const RunIdentity& identity;
  const char* result_file;  ///< what is written last: run_files::kResult or kValidation
};

/// What a folder holds; a run counts as finished when its model and `result_file` are there. Throws
/// Error(artefact) if it is a run of another configuration, dataset or split and `replace` is false
/// (saying which keys differ), or if it holds files that are no run's. With `replace`, or if that
/// run has not completed an epoch nor written a checkpoint, its files are removed, and nothing
/// else.
RunStatus claim_run_folder(const std::filesystem::path& folder, const RunRequest& wanted,
                           bool replace);

/// What a run starts from.
struct RunStart {
  const TrainConfig& config;
  std::filesystem::path data_folder;
  const data::DatasetManifest& dataset;
  const RunIdentity& identity;
  const data::Split& split;
  const Json& audit;
  std::string command;
  dist::LaunchEnvironment launch;
  int threads = 0;  ///< of each rank
};

/// Writes config.yaml, split.json and environment.json, and logs that the test side will be read
/// where a leak validates on it.
void write_run_start(const std::filesystem::path& folder, const RunStart& start);

/// From here on this rank's lines are appended to its log too, after one that says what and where
/// this process is. Every rank calls it for itself.
void open_rank_log(const std::filesystem::path& folder, const dist::LaunchEnvironment& launch);

/// One line in test_reads.jsonl, before the clips are read.
void log_test_read(const std::filesystem::path& folder, const std::string& verb,
                   const std::string& reason, std::size_t clips);

}  // namespace parlando::train
