#pragma once

#include <filesystem>
#include <string>

#include "common/dist/launch.h"
#include "common/io/json.h"
#include "train/run/rank_context.h"
#include "train/run/train_config.h"

namespace parlando::train {

struct TrainJobOptions {
  TrainConfig config;
  std::filesystem::path data;
  std::filesystem::path run;
  std::string command;   ///< as it was given, for environment.json
  bool replace = false;  ///< remove a run with another configuration or dataset
};

/// Trains, tests once at the end and writes the run folder; a finished run is left as it is, an
/// interrupted one is continued. All ranks call it. Returns result.json's content on rank
/// 0. Throws Error; Error(stopped) when it was asked to stop and a checkpoint is written.
Json run_train_job(const TrainJobOptions& options, const dist::LaunchEnvironment& launch,
                   const RankContext& context);

}  // namespace parlando::train
