#include "train/run/run_folder.h"

#include <system_error>

#include <torch/version.h>
#include <unistd.h>

#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "common/core/this_process.h"
#include "common/core/version.h"
#include "common/io/atomic_file.h"
#include "train/checkpoint/run_fence.h"
#include "train/run/run_difference.h"
#include "train/torch.h"

namespace parlando::train {
namespace {

RunIdentity read_identity(const std::filesystem::path& path) {
  const Json json = read_json(path);
  const std::string source = path.string();
  return {json_get<std::string>(json, "config_hash", source),
          json_get<std::string>(json, "data_hash", source),
          json_get<std::string>(json, "split_hash", source)};
}

std::string difference(const RunIdentity& old, const RunIdentity& wanted) {
  std::vector<std::string> parts;
  if (old.config_hash != wanted.config_hash) parts.emplace_back("configuration");
  if (old.data_hash != wanted.data_hash) parts.emplace_back("dataset");
  if (old.split_hash != wanted.split_hash) parts.emplace_back("split");
  return join_text(parts, " and ");
}

/// First line of the configuration that a run writes: tells it from a file of the user's.
constexpr const char* kConfigHeader =
    "# Effective configuration of this run, written by parlando train.\n";

/// Removes what a run writes, what names it last, so that an interrupted removal is still a run.
void remove_run(const std::filesystem::path& folder) {
  for (const data::Side side : {data::Side::train, data::Side::validation, data::Side::test}) {
    std::filesystem::remove(folder / run_files::predictions(side));
  }
  for (const char* name :
       {run_files::kResult, run_files::kRobustness, run_files::kConditions, run_files::kValidation,
        run_files::kReport, run_files::kModel, run_files::kCheckpoints, run_files::kLogs,
        run_files::kTensorBoard, run_files::kMetrics, run_files::kSteps, run_files::kTestReads,
        run_files::kSplit, run_files::kConfig, run_files::kEnvironment}) {
    std::filesystem::remove_all(folder / name);
  }
}

/// Whether the folder holds anything but what a start that was interrupted leaves.
bool holds_foreign_files(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool own =
        name == ".lock" || name == run_files::kSplit || name == run_files::kRanks ||
        name == run_files::kLogs || name == RunFence::kFile ||
        name.find(".tmp-") != std::string::npos ||
        (name == run_files::kConfig && read_file(entry.path()).starts_with(kConfigHeader));
    if (!own) return true;
  }
  return false;
}

/// Whether no epoch was completed and no checkpoint written: there is nothing to lose.
bool is_untrained(const std::filesystem::path& folder) {
  std::error_code error;
  const bool epochs = std::filesystem::file_size(folder / run_files::kMetrics, error) > 0 && !error;
  return !epochs && !std::filesystem::exists(folder / run_files::kResult) &&
         std::filesystem::directory_iterator(folder / run_files::kCheckpoints, error) ==
             std::filesystem::directory_iterator();
}

bool is_complete(const std::filesystem::path& folder, const char* result_file) {
  for (const char* name : {result_file, run_files::kModelTensors, run_files::kModelDescription}) {
    if (!std::filesystem::exists(folder / name)) return false;
  }
  return true;
}

}  // namespace

std::string run_files::predictions(data::Side side) {
  return fmt::format("predictions-{}.jsonl", data::side_name(side));
}

std::string run_files::rank_log(int rank) {
  return fmt::format("{}/rank-{:04}.log", kLogs, rank);
}

RunStatus claim_run_folder(const std::filesystem::path& folder, const RunRequest& wanted,
                           bool replace) {
  const std::filesystem::path environment = folder / run_files::kEnvironment;
  if (!std::filesystem::exists(environment)) {
    if (holds_foreign_files(folder)) {
      fail(ErrorKind::artefact, "{}: holds files that are no run's; give another --run folder",
           folder.string());
    }
    return RunStatus::absent;
  }
  const RunIdentity old = read_identity(environment);
  if (old == wanted.identity)
    return is_complete(folder, wanted.result_file) ? RunStatus::finished : RunStatus::unfinished;
  if (is_untrained(folder)) {
    remove_run(folder);
    return RunStatus::absent;
  }
  if (!replace) {
    fail(ErrorKind::artefact,
         "{}: holds a run with another {} ({}); give what it was made with to continue it, another "
         "--run folder, or --replace to remove it",
         folder.string(), difference(old, wanted.identity),
         describe_difference(folder, old, wanted));
  }
  log_warning("{}: removing a run with another {}", folder.string(),
              difference(old, wanted.identity));
  remove_run(folder);
  return RunStatus::absent;
}

void write_run_start(const std::filesystem::path& folder, const RunStart& start) {
  write_file_atomically(folder / run_files::kConfig,
                        kConfigHeader + dump_train_config(start.config));
  Json split = data::split_to_json(start.split);
  split["audit"] = start.audit;
  split["corpus"] = {{"name", start.dataset.corpus_name}, {"synthetic", start.dataset.synthetic}};
  write_json(folder / run_files::kSplit, split);
  // Last, for it names the run: a folder without it is one whose start was interrupted.
  write_json(folder / run_files::kEnvironment,
             {{"version", version()},
              {"libtorch", TORCH_VERSION},
              {"host", host_name()},
              {"processor", processor_name()},
              {"cores", available_cores()},
              {"launcher", start.launch.launcher},
              {"world_size", start.launch.world_size},
              {"threads", start.threads},
              {"device", start.config.device},
              {"started", utc_now()},
              {"command", start.command},
              {"leaks", start.config.protocol.allow_leak},
              {"permuted_labels", start.config.protocol.permute_labels},
              {"data", std::filesystem::absolute(start.data_folder).string()},
              {"config_hash", start.identity.config_hash},
              {"data_hash", start.identity.data_hash},
              {"split_hash", start.identity.split_hash}});
  if (start.config.protocol.validates_on_test()) {
    log_test_read(folder, "train", fmt::format("protocol.allow_leak: {}", kValidationIsTest),
                  start.split.test.size());
  }
}

void open_rank_log(const std::filesystem::path& folder, const dist::LaunchEnvironment& launch) {
  const std::filesystem::path path = folder / run_files::rank_log(launch.rank);
  make_folder(path.parent_path());
  open_log_file(path);
  log_debug(
      "rank {} of {} begins: parlando {}, host {}, process {}, local rank {} of {}, started by {}, "
      "{} cores",
      launch.rank, launch.world_size, version(), host_name(), getpid(), launch.local_rank,
      launch.local_size, launch.launcher == "none" ? "hand" : launch.launcher, available_cores());
}

void log_test_read(const std::filesystem::path& folder, const std::string& verb,
                   const std::string& reason, std::size_t clips) {
  const Json line{{"time", utc_now()}, {"verb", verb}, {"reason", reason}, {"clips", clips}};
  append_line(folder / run_files::kTestReads, line.dump());
}

}  // namespace parlando::train
