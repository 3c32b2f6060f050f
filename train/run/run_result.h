#pragma once

#include <cstdint>

#include "common/data/dataset_manifest.h"
#include "common/data/split.h"
#include "common/io/json.h"
#include "common/metrics/evaluation.h"
#include "train/run/protocol_config.h"
#include "train/run/run_folder.h"
#include "train/run/trainer.h"

namespace parlando::train {

/// What result.json and validation.json say.
struct RunResult {
  const metrics::Evaluation& evaluation;
  const TrainingOutcome& outcome;
  std::uint64_t seed;
  const data::Split& split;
  const RunIdentity& identity;
  const data::DatasetManifest& dataset;
  const Json& audit;
  int world_size;
  std::int64_t parameters;  ///< Keras counting
  const ProtocolConfig& protocol;
};

/// The keys of docs/run-format.md.
Json result_to_json(const RunResult& result);

}  // namespace parlando::train
