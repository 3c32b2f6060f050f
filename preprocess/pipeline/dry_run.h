#pragma once

#include <cstddef>
#include <vector>

#include "common/data/corpus.h"
#include "preprocess/pipeline/preprocess_job.h"

namespace parlando::preprocess {

/// What a job would do, as far as names and headers tell.
struct DryRun {
  std::size_t clips = 0;
  std::size_t train = 0, validation = 0, test = 0;
  std::size_t variants = 0;
  std::size_t shards = 0;      ///< of all workers
  std::size_t own_shards = 0;  ///< of this worker, with those that are there already
  std::size_t kept = 0;        ///< shards that are there already, of all workers
  std::size_t to_do = 0;       ///< shards that this worker would make
  std::size_t bytes = 0;       ///< upper bound of the features
  double seconds = 0;          ///< of recordings
  std::vector<data::Defect> defects;
};

/// Plans and writes nothing. Throws as run_preprocess() does for a corpus, a split or a folder that
/// can't be used.
DryRun plan_preprocess(const PreprocessJob& job);

}  // namespace parlando::preprocess
