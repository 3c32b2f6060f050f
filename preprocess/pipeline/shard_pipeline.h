#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "common/data/corpus.h"
#include "common/data/dataset.h"
#include "preprocess/pipeline/journal.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "preprocess/pipeline/shard_plan.h"

namespace parlando::preprocess {

/// What the pipeline reads and where it writes.
struct PipelineInput {
  data::Corpus& corpus;  ///< clips whose audio is unknown get what decoding tells
  const PreprocessConfig& config;
  const ShardPlan& plan;
  std::filesystem::path folder;
  int threads;
};

/// Each is called from one thread at a time, on_shard beside the others.
struct PipelineEvents {
  std::function<bool()> stop_requested;
  /// A clip has passed, well or not.
  std::function<void(const data::Clip&)> on_clip;
  /// A shard is durable on disk; one of defective clips alone has no rows and no file.
  std::function<void(FinishedShard)> on_shard;
};

/// Computes and writes the planned shards whose indices are given: parallel tasks decode and
/// extract, a serial sink in order collects shards, and a finished one is written while the next is
/// computed. Memory is bounded; bytes do not depend on
/// `threads`. Returns false if it stopped on request: finished shards are durable, the one in work
/// is dropped. Throws Error(artefact) if a shard can't be written.
bool run_shard_pipeline(const PipelineInput& input, const std::vector<std::size_t>& shards,
                        const PipelineEvents& events);

}  // namespace parlando::preprocess
