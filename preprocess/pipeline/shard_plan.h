#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/audio/feature_extractor.h"
#include "common/data/corpus.h"
#include "common/data/dataset.h"
#include "common/data/split.h"
#include "common/io/hash_cache.h"
#include "preprocess/pipeline/preprocess_config.h"

namespace parlando::preprocess {

/// One shard before its features exist.
struct PlannedShard {
  std::string file;
  std::vector<std::size_t> clips;  ///< indices into Corpus::clips, ascending
  std::size_t bytes = 0;           ///< upper bound of its features
};

/// Which clip goes to which shard: a function of names, labels, headers and the configuration
/// alone, so that no audio has to be decoded to know it.
struct ShardPlan {
  std::vector<PlannedShard> shards;
  std::vector<bool> trains;            ///< a clip of the training side, which gets variants
  std::size_t largest_clip_bytes = 0;  ///< upper bound of the features of one clip
  std::string recipe;                  ///< what every shard's bytes depend on besides its clips
  std::vector<std::string> inputs;     ///< a clip: hash of what blocks read besides its samples
};

/// `sounds` are those of the configuration (sounds.h); `hashes` spares reading files again that
/// blocks look clips up in.
ShardPlan plan_shards(const data::Corpus& corpus, const data::Split& split,
                      const PreprocessConfig& config, const audio::FeatureExtractor& extractor,
                      const std::vector<data::Sound>& sounds, HashCache& hashes);

/// Hash of everything that a shard's bytes depend on, the audio of its clips too: a clip without
/// audio_hash counts as one that can't be decoded.
std::string shard_key(const ShardPlan& plan, const PlannedShard& shard, const data::Corpus& corpus);

/// Hash of all that the dataset depends on. `corpus` and `split` are those of the manifest.
std::string dataset_id(const data::Corpus& corpus, const data::Split& split,
                       const PreprocessConfig& config, const ShardPlan& plan);

}  // namespace parlando::preprocess
