#include "preprocess/pipeline/dry_run.h"

#include "common/audio/feature_extractor.h"
#include "preprocess/pipeline/corpus_input.h"
#include "preprocess/pipeline/output_folder.h"
#include "preprocess/pipeline/shard_plan.h"
#include "preprocess/pipeline/sounds.h"

namespace parlando::preprocess {

DryRun plan_preprocess(const PreprocessJob& job) {
  check_output(job.out);
  const EarlierWork earlier = inspect_output(job.out);
  require_recipe(job.out, earlier, job.config.name);
  CorpusInput input = load_corpus_input(job, earlier.known);
  const audio::FeatureExtractor extractor(job.config.recipe);
  HashCache hashes(job.out / kHashesFile);
  const std::vector<data::Sound> sounds = read_sounds(job.config.variants, hashes);
  const ShardPlan plan =
      plan_shards(input.corpus, input.split, job.config, extractor, sounds, hashes);
  const FinishedShards kept = reusable_shards(job.out, earlier, plan, input.corpus);
  DryRun result;
  result.clips = input.corpus.clips.size();
  result.train = input.split.train.size();
  result.validation = input.split.validation.size();
  result.test = input.split.test.size();
  result.variants = result.train * static_cast<std::size_t>(job.config.variants.copies);
  result.shards = plan.shards.size();
  result.kept = kept.size();
  for (std::size_t i = 0; i < plan.shards.size(); ++i) {
    const bool own = job.worker.makes(i);
    result.own_shards += own ? 1 : 0;
    result.to_do += own && !kept.contains(plan.shards[i].file) ? 1 : 0;
    result.bytes += plan.shards[i].bytes;
  }
  for (const data::Clip& clip : input.corpus.clips) result.seconds += clip.seconds();
  result.defects = input.corpus.defects;
  return result;
}

}  // namespace parlando::preprocess
