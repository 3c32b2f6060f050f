#include "preprocess/pipeline/preprocess_job.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <tbb/global_control.h>

#include "common/audio/feature_extractor.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/progress.h"
#include "common/core/signals.h"
#include "common/core/version.h"
#include "common/data/dataset_manifest.h"
#include "common/io/file_lock.h"
#include "preprocess/pipeline/corpus_input.h"
#include "preprocess/pipeline/journal.h"
#include "preprocess/pipeline/output_folder.h"
#include "preprocess/pipeline/shard_pipeline.h"

namespace parlando::preprocess {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Defects of clips whose shards are kept from a dataset that was finished without them.
std::vector<data::Defect> kept_defects(const EarlierWork& earlier, const ShardPlan& plan,
                                       const data::Corpus& corpus,
                                       const std::map<std::string, data::ShardEntry>& kept) {
  std::set<std::string> paths;
  for (const PlannedShard& shard : plan.shards) {
    if (!kept.contains(shard.file)) continue;
    for (const std::size_t clip : shard.clips) paths.insert(corpus.clips[clip].path);
  }
  std::vector<data::Defect> defects;
  if (!earlier.manifest) return defects;
  for (const data::Defect& defect : earlier.manifest->defects) {
    if (paths.contains(defect.path)) defects.push_back(defect);
  }
  return defects;
}

void say_what_changed(const EarlierWork& earlier, const CorpusInput& input,
                      const PreprocessConfig& config) {
  if (!earlier.manifest) return;
  const data::DatasetManifest& before = *earlier.manifest;
  std::string changes;
  const auto add = [&](bool differs, const char* what) {
    if (differs) changes += fmt::format("{}{}", changes.empty() ? "" : ", ", what);
  };
  add(before.corpus_hash != input.corpus.hash(), "the clips");
  add(before.recipe != dump_config(config), "the configuration");
  add(before.split.hash() != input.split.hash(), "the split");
  add(before.numerics_version != audio::kFeatureNumericsVersion, "the program's numerics");
  if (changes.empty()) {
    log_info("shards that are missing or damaged are made anew");
  } else {
    log_info("the dataset is brought up to date: {} changed since it was made", changes);
  }
}

/// The split without clips that could not be processed.
data::Split without_defects(data::Split split, const data::Corpus& corpus,
                            const std::vector<data::Defect>& defects) {
  std::map<std::string, std::string> reasons;
  for (const data::Defect& defect : defects) {
    const auto clip =
        std::find_if(corpus.clips.begin(), corpus.clips.end(),
                     [&](const data::Clip& candidate) { return candidate.path == defect.path; });
    if (clip != corpus.clips.end()) reasons[clip->id] = defect.reason;
  }
  for (std::vector<std::string>* side : {&split.train, &split.validation, &split.test}) {
    std::erase_if(*side, [&](const std::string& id) { return reasons.contains(id); });
  }
  for (const auto& [id, reason] : reasons) split.dropped.push_back({id, reason});
  return split;
}

/// One run over one output folder.
class Run {
 public:
  explicit Run(const PreprocessJob& job)
      : job_(job),
        config_(job.config),
        lock_(lock_output(job)),
        earlier_(inspect_earlier()),
        input_(load_corpus_input(job)),
        extractor_(config_.recipe),
        plan_(make_plan()),
        journal_(job.out) {
    summary_.dataset_id = plan_.dataset_id;
    summary_.scan_seconds = seconds_since(start_);
  }

  PreprocessSummary operator()() {
    kept_ = reusable_shards(job_.out, earlier_, plan_);
    defects_ = kept_defects(earlier_, plan_, input_.corpus, kept_);
    if (up_to_date()) {
      summary_.up_to_date = true;
      if (input_.cache_differs) data::write_corpus(job_.out / data::kCorpusFile, input_.corpus);
      check_defects();
      return summarise(*earlier_.manifest);
    }
    prepare_folder();
    process();
    check_defects();
    return summarise(finish());
  }

 private:
  /// The folder is checked before a lock file appears in it.
  static const std::filesystem::path& lock_output(const PreprocessJob& job) {
    if (!std::filesystem::exists(job.corpus)) {
      fail(ErrorKind::usage, "--corpus {}: does not exist", job.corpus.string());
    }
    check_output(job.out);
    return job.out;
  }

  EarlierWork inspect_earlier() const {
    EarlierWork earlier = inspect_output(job_.out);
    if (!earlier.recipe_name.empty() && earlier.recipe_name != config_.name) {
      fail(ErrorKind::artefact,
           "{}: holds a dataset of the recipe '{}', not '{}'; choose another folder for --out or "
           "delete "
           "this one",
           job_.out.string(), earlier.recipe_name, config_.name);
    }
    return earlier;
  }

  ShardPlan make_plan() {
    config_.split = input_.split.config;
    return plan_shards(input_.corpus, input_.split, config_, extractor_);
  }

  bool up_to_date() const {
    return earlier_.manifest && earlier_.manifest->id == plan_.dataset_id &&
           kept_.size() == earlier_.manifest->shards.size();
  }

  void prepare_folder() {
    say_what_changed(earlier_, input_, config_);
    std::vector<data::ShardEntry> entries;
    for (const auto& [file, entry] : kept_) entries.push_back(entry);
    journal_.restart(config_.name, entries);
    std::error_code ignored;
    std::filesystem::remove(job_.out / data::kManifestFile, ignored);
    remove_temporaries(job_.out);
    data::write_corpus(job_.out / data::kCorpusFile, input_.corpus);
    if (!kept_.empty())
      log_info("{} of {} shards are kept from before", kept_.size(), plan_.shards.size());
  }

  void process() {
    std::vector<std::size_t> missing;
    std::size_t clips = 0;
    for (std::size_t i = 0; i < plan_.shards.size(); ++i) {
      if (kept_.contains(plan_.shards[i].file)) continue;
      missing.push_back(i);
      clips += plan_.shards[i].clips.size();
    }
    const StopRequest stop;
    Progress progress("preprocess", static_cast<std::int64_t>(clips), "clips");
    const Clock::time_point start = Clock::now();
    std::size_t done = 0;
    double audio_seconds = 0;
    PipelineEvents events;
    events.stop_requested = [&] { return stop.requested(); };
    events.on_defect = [&](data::Defect defect) { defects_.push_back(std::move(defect)); };
    events.on_clip = [&](const data::Clip& clip) {
      audio_seconds += clip.seconds();
      ++done;
      progress.update(static_cast<std::int64_t>(done),
                      fmt::format("{:.0f} x real time", audio_seconds / seconds_since(start)));
    };
    events.on_shard = [&](const data::ShardEntry& shard, bool complete) {
      written_[shard.file] = shard;
      if (complete) journal_.append(shard);
    };
    const bool finished = run_shard_pipeline(
        {input_.corpus, config_, plan_, job_.out, job_.threads}, missing, events);
    progress.finish();
    if (!finished) {
      fail(ErrorKind::stopped,
           "stopped on request with {} of {} shards done; run the same command again to "
           "continue",
           kept_.size() + written_.size(), plan_.shards.size());
    }
    const double elapsed = seconds_since(start);
    summary_.clips_per_second = static_cast<double>(done) / elapsed;
    summary_.real_time_factor = audio_seconds / elapsed;
  }

  void check_defects() {
    summary_.defects = input_.corpus.defects;
    summary_.defects.insert(summary_.defects.end(), defects_.begin(), defects_.end());
    for (const data::Defect& defect : summary_.defects)
      log_error("{}: {}", defect.path, defect.reason);
    const auto count = static_cast<std::int64_t>(summary_.defects.size());
    if (count > job_.allowed_defects) {
      fail(ErrorKind::data,
           "{} of {} files are defective (named above); all others are processed; mend or "
           "remove them and run again, or leave them out with --allow-defects {}",
           count, input_.corpus.clips.size() + input_.corpus.defects.size(), count);
    }
  }

  data::DatasetManifest finish() {
    data::DatasetManifest manifest;
    manifest.id = plan_.dataset_id;
    manifest.corpus_name = input_.corpus.name;
    manifest.synthetic = input_.corpus.synthetic;
    manifest.corpus_hash = input_.corpus.hash();
    manifest.recipe = dump_config(config_);
    manifest.numerics_version = audio::kFeatureNumericsVersion;
    manifest.row_names = extractor_.row_names();
    manifest.classes = input_.corpus.classes;
    manifest.split = without_defects(input_.split, input_.corpus, defects_);
    manifest.defects = summary_.defects;
    manifest.version = version();
    std::map<std::string, data::ShardEntry> shards = kept_;
    shards.insert(written_.begin(), written_.end());
    for (const auto& [file, entry] : shards) manifest.shards.push_back(entry);
    if (shards.empty()) fail(ErrorKind::data, "no clip could be processed; no dataset is made");
    data::write_manifest(job_.out, manifest);
    journal_.remove();
    remove_other_shards(job_.out, manifest);
    return manifest;
  }

  PreprocessSummary summarise(const data::DatasetManifest& manifest) {
    for (const data::ShardEntry& shard : manifest.shards) {
      summary_.rows += static_cast<std::size_t>(shard.rows);
      summary_.bytes += shard.bytes;
    }
    summary_.clips = input_.corpus.clips.size() - defects_.size();
    summary_.shards = manifest.shards.size();
    summary_.shards_kept = kept_.size();
    summary_.train = manifest.split.train.size();
    summary_.validation = manifest.split.validation.size();
    summary_.test = manifest.split.test.size();
    summary_.seconds = seconds_since(start_);
    return std::move(summary_);
  }

  const Clock::time_point start_ = Clock::now();
  const PreprocessJob& job_;
  PreprocessConfig config_;
  tbb::global_control limit_{tbb::global_control::max_allowed_parallelism,
                             static_cast<std::size_t>(job_.threads)};
  FolderLock lock_;
  EarlierWork earlier_;
  CorpusInput input_;
  audio::FeatureExtractor extractor_;
  ShardPlan plan_;
  Journal journal_;
  std::map<std::string, data::ShardEntry> kept_;
  std::map<std::string, data::ShardEntry> written_;
  std::vector<data::Defect> defects_;  ///< of clips that were scanned well
  PreprocessSummary summary_;
};

}  // namespace

PreprocessSummary run_preprocess(const PreprocessJob& job) {
  return Run(job)();
}

}  // namespace parlando::preprocess
