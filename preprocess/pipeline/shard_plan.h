#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/audio/feature_extractor.h"
#include "common/data/corpus.h"
#include "common/data/split.h"
#include "preprocess/pipeline/preprocess_config.h"

namespace parlando::preprocess {

/// One shard before its features exist.
struct PlannedShard {
  std::string file;
  std::vector<std::size_t> clips;  ///< indices into Corpus::clips, ascending
  std::string key;                 ///< hash of everything that its bytes depend on
};

/// Which clip goes to which shard: a function of the corpus manifest and the configuration alone.
struct ShardPlan {
  std::vector<PlannedShard> shards;
  std::vector<bool> trains;        ///< a clip of the training side, which gets variants
  std::size_t largest_clip_bytes;  ///< upper bound of the features of one clip
  std::string dataset_id;
};

ShardPlan plan_shards(const data::Corpus& corpus, const data::Split& split,
                      const PreprocessConfig& config, const audio::FeatureExtractor& extractor);

}  // namespace parlando::preprocess
