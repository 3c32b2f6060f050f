#include "preprocess/pipeline/shard_pipeline.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include "common/audio/feature_extractor.h"
#include "common/core/error.h"
#include "common/data/shard_writer.h"
#include "preprocess/pipeline/clip_loader.h"
#include "preprocess/pipeline/variant_maker.h"

namespace parlando::preprocess {
namespace {

constexpr std::size_t kInFlightBytes = std::size_t{64}
                                       << 20;  // of finished clips waiting for the sink
constexpr std::size_t kInFlightClips = 256;
constexpr const char* kNoMemory = "needs more memory than there is";

/// One clip on its way through the pipeline.
struct Item {
  std::size_t shard = 0;  ///< index into ShardPlan::shards
  std::size_t clip = 0;   ///< index into Corpus::clips
  bool last = false;      ///< of its shard
  audio::FeatureMatrix features;
  std::vector<Variant> variants;
  std::optional<std::string> defect;
};
using ItemPointer = std::shared_ptr<Item>;

/// The serial source: clips in the order of the plan.
class Source {
 public:
  Source(const ShardPlan& plan, const std::vector<std::size_t>& shards)
      : plan_(plan), shards_(shards) {}

  ItemPointer next() {
    if (position_ == shards_.size()) return nullptr;
    const PlannedShard& shard = plan_.shards[shards_[position_]];
    auto item = std::make_shared<Item>();
    item->shard = shards_[position_];
    item->clip = shard.clips[clip_++];
    item->last = clip_ == shard.clips.size();
    if (item->last) {
      ++position_;
      clip_ = 0;
    }
    return item;
  }

 private:
  const ShardPlan& plan_;
  const std::vector<std::size_t>& shards_;
  std::size_t position_ = 0;
  std::size_t clip_ = 0;
};

data::DatasetRow row_of(const data::Clip& clip, const data::Corpus& corpus, std::size_t frames) {
  data::DatasetRow row;
  row.clip = clip.id;
  row.emotion = corpus.class_index(clip.label);
  row.channel = clip.channel;
  row.intensity = clip.intensity;
  row.statement = clip.statement;
  row.repetition = clip.repetition;
  row.actor = clip.speaker;
  row.sex = clip.sex;
  row.source = clip.id;
  row.audio_hash = clip.audio_hash;
  row.frames = static_cast<std::int64_t>(frames);
  return row;
}

/// The serial sink: collects rows and has each shard written when its last clip has come.
class Sink {
 public:
  Sink(const PipelineInput& input, std::size_t feature_rows, const PipelineEvents& events)
      : input_(input), events_(events), feature_rows_(feature_rows), writer_(feature_rows) {}

  void take(Item& item) {
    const data::Clip& clip = input_.corpus.clips[item.clip];
    if (item.defect) {
      defects_.push_back({clip.path, *item.defect});
    } else {
      add_rows(clip, item);
    }
    events_.on_clip(clip);
    if (item.last) finish_shard(input_.plan.shards[item.shard]);
    if (writing_.valid() && writing_.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      wait();
  }

  /// Returns when the last shard is durable.
  void wait() {
    if (writing_.valid()) writing_.get();
  }

 private:
  void add_rows(const data::Clip& clip, Item& item) {
    const data::DatasetRow source = row_of(clip, input_.corpus, item.features.frames);
    writer_.add(source, std::move(item.features.values));
    for (std::size_t i = 0; i < item.variants.size(); ++i) {
      Variant& variant = item.variants[i];
      data::DatasetRow row = source;
      row.clip = fmt::format("{}+{}", clip.id, i + 1);
      row.augmentation = variant.augmentation;
      row.frames = static_cast<std::int64_t>(variant.features.frames);
      writer_.add(std::move(row), std::move(variant.features.values));
    }
  }

  void finish_shard(const PlannedShard& shard) {
    FinishedShard finished;
    finished.entry.file = shard.file;
    finished.entry.key = shard_key(input_.plan, shard, input_.corpus);
    for (const std::size_t i : shard.clips) {
      const data::Clip& clip = input_.corpus.clips[i];
      if (!clip.audio_hash.empty()) finished.clips.push_back(clip);
    }
    finished.defects = std::exchange(defects_, {});
    wait();
    // One thread alone computes or writes; several go on computing while a shard goes to the disk.
    const auto policy = input_.threads > 1 ? std::launch::async : std::launch::deferred;
    writing_ =
        std::async(policy, [this, writer = std::exchange(writer_, data::ShardWriter(feature_rows_)),
                            finished = std::move(finished)]() mutable {
          if (!writer.empty()) {
            std::string key = std::move(finished.entry.key);
            finished.entry = writer.write(input_.folder / finished.entry.file);
            finished.entry.key = std::move(key);
          }
          events_.on_shard(std::move(finished));
        });
    if (policy == std::launch::deferred) wait();
  }

  const PipelineInput& input_;
  const PipelineEvents& events_;
  std::size_t feature_rows_;
  data::ShardWriter writer_;
  std::vector<data::Defect> defects_;  ///< of the shard in work
  std::future<void> writing_;          ///< of the shard before it
};

/// What a thread computes with.
struct Tools {
  audio::FeatureExtractor extractor;
  VariantMaker variants;
};

/// A clip that can't be decoded loses what is known of its audio.
std::optional<audio::DecodedAudio> decode(const PipelineInput& input, Item& item) {
  data::Clip& clip = input.corpus.clips[item.clip];
  try {
    return load_clip(input.corpus.root, clip);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    item.defect = error.what();
  } catch (const std::bad_alloc&) {
    item.defect = kNoMemory;
  }
  clip.audio_hash.clear();
  return std::nullopt;
}

void extract(const PipelineInput& input, Tools& tools, Item& item) {
  audio::FeatureExtractor& extractor = tools.extractor;
  const std::optional<audio::DecodedAudio> audio = decode(input, item);
  if (!audio) return;
  const std::string& id = input.corpus.clips[item.clip].id;
  const bool varies = input.plan.trains[item.clip];
  try {
    std::vector<float> waveform;
    if (varies && tools.variants.needs_waveform()) {
      waveform = extractor.waveform(*audio);
      item.features = extractor.extract_waveform(waveform, id);
    } else {
      item.features = extractor.extract(*audio, id);
    }
    if (item.features.frames == 0) fail(ErrorKind::data, "too short: no frame of features");
    if (varies) item.variants = tools.variants.make(id, waveform, item.features, extractor);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    item.defect = error.what();
  } catch (const std::bad_alloc&) {
    item.defect = kNoMemory;
    input.corpus.clips[item.clip].audio_hash.clear();  // there may be enough the next time
  }
}

std::size_t items_in_flight(const ShardPlan& plan, int threads) {
  const std::size_t fits = kInFlightBytes / std::max<std::size_t>(1, plan.largest_clip_bytes);
  return std::clamp(fits, 2 * static_cast<std::size_t>(threads),
                    std::max(kInFlightClips, 2 * static_cast<std::size_t>(threads)));
}

}  // namespace

bool run_shard_pipeline(const PipelineInput& input, const std::vector<std::size_t>& shards,
                        const PipelineEvents& events) {
  const std::int64_t sample_rate = input.config.recipe.waveform.sample_rate;
  const VariantDraws draws(input.config.variants);
  audio::SoundCache sounds(sample_rate);
  const auto make_extractor = [&] { return audio::FeatureExtractor(input.config.recipe); };
  tbb::enumerable_thread_specific<Tools> tools([&] {
    return Tools{make_extractor(), VariantMaker(draws, sample_rate, sounds)};
  });
  Source source(input.plan, shards);
  Sink sink(input, make_extractor().row_names().size(), events);
  bool stopped = false;

  const auto read = [&](tbb::flow_control& control) -> ItemPointer {
    stopped = stopped || events.stop_requested();
    ItemPointer item = stopped ? nullptr : source.next();
    if (!item) control.stop();
    return item;
  };
  const auto compute = [&](ItemPointer item) {
    extract(input, tools.local(), *item);
    return item;
  };
  const auto write = [&](const ItemPointer& item) { sink.take(*item); };

  tbb::task_arena arena(input.threads);
  arena.execute([&] {
    tbb::parallel_pipeline(
        items_in_flight(input.plan, input.threads),
        tbb::make_filter<void, ItemPointer>(tbb::filter_mode::serial_in_order, read) &
            tbb::make_filter<ItemPointer, ItemPointer>(tbb::filter_mode::parallel, compute) &
            tbb::make_filter<ItemPointer, void>(tbb::filter_mode::serial_in_order, write));
  });
  sink.wait();
  return !stopped;
}

}  // namespace parlando::preprocess
