#include "preprocess/pipeline/shard_plan.h"

#include <algorithm>
#include <unordered_set>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/data/dataset_manifest.h"
#include "common/io/checksum.h"
#include "preprocess/pipeline/sounds.h"
#include "preprocess/pipeline/variants.h"

namespace parlando::preprocess {
namespace {

std::vector<bool> training_clips(const data::Corpus& corpus, const data::Split& split) {
  const std::unordered_set<std::string> ids(split.train.begin(), split.train.end());
  std::vector<bool> trains;
  for (const data::Clip& clip : corpus.clips) trains.push_back(ids.contains(clip.id));
  return trains;
}

/// What the bytes of every shard depend on besides its clips.
std::string recipe_text(const PreprocessConfig& config, const std::vector<data::Sound>& sounds) {
  return dump_config(config.recipe) + dump_config(config.variants) + hash_of_sounds(sounds) +
         fmt::format("numerics {} format {}", audio::kFeatureNumericsVersion,
                     data::DatasetManifest::kVersion);
}

/// Upper bound of the features of a clip and its variants, from its header alone.
std::size_t feature_bytes(const data::Clip& clip, bool trains, const PreprocessConfig& config,
                          const audio::FeatureExtractor& extractor) {
  std::size_t frames = extractor.max_frames(clip.sample_rate, clip.samples);
  const VariantsConfig& variants = config.variants;
  if (trains && variants.change_waveforms()) {
    const std::int64_t samples = extractor.max_samples(clip.sample_rate, clip.samples);
    frames += static_cast<std::size_t>(variants.copies) *
              extractor.frames_of(longest_variant(variants, samples));
  }
  return frames * extractor.row_names().size() * sizeof(float);
}

}  // namespace

ShardPlan plan_shards(const data::Corpus& corpus, const data::Split& split,
                      const PreprocessConfig& config, const audio::FeatureExtractor& extractor,
                      const std::vector<data::Sound>& sounds, HashCache& hashes) {
  ShardPlan plan;
  plan.trains = training_clips(corpus, split);
  plan.recipe = recipe_text(config, sounds);
  const FileHash hash = [&](const std::filesystem::path& file) {
    return hashes.get("bytes", file, hash_file);
  };
  for (const data::Clip& clip : corpus.clips) {
    plan.inputs.push_back(extractor.input_hash(clip.id, hash));
  }
  const auto target = static_cast<std::size_t>(config.shard_bytes);
  for (std::size_t i = 0; i < corpus.clips.size(); ++i) {
    const std::size_t bytes = feature_bytes(corpus.clips[i], plan.trains[i], config, extractor);
    if (plan.shards.empty() || plan.shards.back().bytes + bytes > target) {
      plan.shards.push_back({data::shard_file_name(plan.shards.size()), {}, 0});
    }
    plan.shards.back().clips.push_back(i);
    plan.shards.back().bytes += bytes;
    plan.largest_clip_bytes = std::max(plan.largest_clip_bytes, bytes);
  }
  return plan;
}

std::string shard_key(const ShardPlan& plan, const PlannedShard& shard,
                      const data::Corpus& corpus) {
  Hasher hasher;
  hasher.update_field(plan.recipe);
  for (const std::size_t index : shard.clips) {
    const data::Clip& clip = corpus.clips[index];
    hasher.update_field(std::to_string(corpus.class_index(clip.label)));
    for (const std::string* text :
         {&clip.id, &clip.speaker, &clip.sex, &clip.channel, &clip.intensity, &clip.statement,
          &clip.repetition, &clip.audio_hash}) {
      hasher.update_field(*text);
    }
    hasher.update_field(plan.trains[index] ? "trains" : "");
    if (!plan.inputs[index].empty()) hasher.update_field(plan.inputs[index]);
  }
  return hasher.hex();
}

std::string dataset_id(const data::Corpus& corpus, const data::Split& split,
                       const PreprocessConfig& config, const ShardPlan& plan) {
  Hasher hasher;
  hasher.update_field(corpus.hash());
  hasher.update_field(split.hash());
  hasher.update_field(dump_config(config));
  hasher.update_field(plan.recipe);
  for (const std::string& input : plan.inputs) {
    if (!input.empty()) hasher.update_field(input);
  }
  return hasher.hex();
}

}  // namespace parlando::preprocess
