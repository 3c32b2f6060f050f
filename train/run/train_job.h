#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "common/dist/launch.h"
#include "common/io/json.h"
#include "train/run/prepared_data.h"
#include "train/run/rank_context.h"
#include "train/run/train_config.h"
#include "train/run/trainer.h"

namespace parlando::train {

struct TrainJobOptions {
  TrainConfig config;
  std::filesystem::path data;
  std::filesystem::path run;  ///< empty: nothing is written (measure_job)
  std::string command;        ///< as it was given, for environment.json
  bool replace = false;       ///< remove a run with another configuration or dataset
  bool test = true;           ///< false: the test side is left unread, the run may be tested later
  std::int64_t until_epoch = 0;  ///< stop after a checkpoint when so many are done; 0 = no bound
};

/// Trains, validates the weights kept, tests them once and writes the run folder; a finished run is
/// left as it is, an interrupted one is continued. All ranks call it. Returns on rank 0 the content
/// of result.json, of validation.json if the test side is left alone. Throws Error; Error(stopped)
/// when it was asked to stop and a checkpoint is written.
Json run_train_job(const TrainJobOptions& options, const dist::LaunchEnvironment& launch,
                   const RankContext& context);

/// A job that is ready to train.
struct ReadyJob {
  const TrainConfig& config;
  const Classifier& model;
  const PreparedData& data;
  Trainer& trainer;
  dist::Communicator& host;
  at::Device device;
  int threads;  ///< of each rank
};

/// Reads the data, makes network and trainer as run_train_job() does, and hands them to `body` on
/// every rank; writes nothing. Returns what `body` returns.
Json measure_job(const TrainJobOptions& options, const dist::LaunchEnvironment& launch,
                 const RankContext& context, const std::function<Json(const ReadyJob&)>& body);

}  // namespace parlando::train
