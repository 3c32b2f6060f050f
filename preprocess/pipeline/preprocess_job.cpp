#include "preprocess/pipeline/preprocess_job.h"

#include <algorithm>
#include <chrono>
#include <iterator>
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
#include "common/data/scan.h"
#include "common/data/shard_reader.h"
#include "common/io/file_lock.h"
#include "preprocess/pipeline/corpus_input.h"
#include "preprocess/pipeline/journal.h"
#include "preprocess/pipeline/output_folder.h"
#include "preprocess/pipeline/shard_pipeline.h"
#include "preprocess/pipeline/sounds.h"

namespace parlando::preprocess {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void say_what_changed(const EarlierWork& earlier, const PreprocessConfig& config) {
  if (!earlier.manifest) return;
  std::string changes;
  if (earlier.manifest->recipe != dump_config(config)) changes = "the configuration";
  if (earlier.manifest->numerics_version != audio::kFeatureNumericsVersion) {
    changes += changes.empty() ? "the program's numerics" : " and the program's numerics";
  }
  if (changes.empty()) {
    log_info("clips or sides changed, or shards are missing or damaged: these are made anew");
  } else {
    log_info("the dataset is brought up to date: {} changed since it was made", changes);
  }
}

bool same_files(const data::Corpus& a, const data::Corpus& b) {
  return a.root == b.root &&
         std::equal(a.clips.begin(), a.clips.end(), b.clips.begin(), b.clips.end(),
                    [](const data::Clip& left, const data::Clip& right) {
                      return left.path == right.path && left.file_bytes == right.file_bytes &&
                             left.modified_ns == right.modified_ns;
                    });
}

/// One run over one output folder.
class Run {
 public:
  explicit Run(const PreprocessJob& job)
      : job_(job),
        config_(job.config),
        lock_(lock_output(job), {.shared = !job.worker.alone(),
                                 .lax = true,
                                 .job = job.scheduled_as,
                                 .restart = job.restart}),
        part_lock_(job.out, {.file = ".lock-" + job.worker.name(),
                             .lax = true,
                             .job = job.scheduled_as,
                             .restart = job.restart}),
        earlier_(inspect_earlier()),
        input_(load_corpus_input(job, earlier_.known)),
        extractor_(config_.recipe),
        hashes_(job.out / kHashesFile),
        sounds_(read_sounds(config_.variants, hashes_)),
        plan_(make_plan()),
        journal_(job.out, job.worker) {
    hashes_.save();
    summary_.plan_seconds = seconds_since(start_);
  }

  PreprocessSummary operator()() {
    shards_ = reusable_shards(job_.out, earlier_, plan_, input_.corpus);
    summary_.shards_kept = shards_.size();
    if (!complete()) {
      prepare_folder();
      process();
    }
    if (job_.worker.alone()) return conclude();
    // The last worker to come finds the others' parts in their journals.
    const FolderLock commit(job_.out, {.file = ".lock-commit",
                                       .wait = true,
                                       .lax = true,
                                       .job = job_.scheduled_as,
                                       .restart = job_.restart});
    gather();
    return complete() ? conclude() : summarise_part();
  }

 private:
  PreprocessSummary conclude() {
    settle();
    if (earlier_.manifest && earlier_.manifest->id == summary_.dataset_id) return confirm();
    return summarise(finish());
  }

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
    require_recipe(job_.out, earlier, config_.name);
    return earlier;
  }

  ShardPlan make_plan() {
    config_.split = input_.split.config;
    return plan_shards(input_.corpus, input_.split, config_, extractor_, sounds_, hashes_);
  }

  bool complete() const { return shards_.size() == plan_.shards.size(); }

  void prepare_folder() {
    say_what_changed(earlier_, config_);
    std::vector<FinishedShard> kept;
    for (auto& [file, shard] : shards_) kept.push_back(shard);
    journal_.restart(config_.name, input_.corpus.root, kept);
    std::error_code ignored;
    std::filesystem::remove(job_.out / data::kManifestFile, ignored);
    earlier_.manifest.reset();
    remove_temporaries(job_.out, job_.worker);
    if (!shards_.empty())
      log_info("{} of {} shards are kept from before", shards_.size(), plan_.shards.size());
  }

  void process() {
    std::vector<std::size_t> missing;
    std::size_t clips = 0;
    for (std::size_t i = 0; i < plan_.shards.size(); ++i) {
      if (!job_.worker.makes(i) || shards_.contains(plan_.shards[i].file)) continue;
      missing.push_back(i);
      clips += plan_.shards[i].clips.size();
    }
    if (!data::is_corpus_manifest(job_.corpus)) forget_audio(missing);
    const StopRequest stop;
    Progress progress("preprocess", static_cast<std::int64_t>(clips), "clips");
    const Clock::time_point start = Clock::now();
    std::size_t done = 0;
    double audio_seconds = 0;
    PipelineEvents events;
    events.stop_requested = [&] { return stop.requested(); };
    events.on_clip = [&](const data::Clip& clip) {
      audio_seconds += clip.seconds();
      ++done;
      progress.update(static_cast<std::int64_t>(done),
                      fmt::format("{:.0f} x real time", audio_seconds / seconds_since(start)));
    };
    events.on_shard = [&](FinishedShard shard) {
      journal_.append(shard);
      shard.clips.clear();
      shards_[shard.entry.file] = std::move(shard);
    };
    const bool finished = run_shard_pipeline(
        {input_.corpus, config_, plan_, job_.out, job_.threads}, missing, events);
    progress.finish();
    if (!finished) {
      fail(ErrorKind::stopped,
           "stopped on request with {} of {} shards done; run the same command again to "
           "continue",
           shards_.size(), plan_.shards.size());
    }
    made_ = missing.size();
    const double elapsed = seconds_since(start);
    summary_.clips_per_second = static_cast<double>(done) / elapsed;
    summary_.real_time_factor = audio_seconds / elapsed;
  }

  /// What an earlier run knows of a folder's clips spares decoding; nobody vouches for it where
  /// they are decoded anyway, as for a manifest that was given.
  void forget_audio(const std::vector<std::size_t>& shards) {
    for (const std::size_t shard : shards) {
      for (const std::size_t i : plan_.shards[shard].clips) {
        input_.corpus.clips[i].audio_hash.clear();
      }
    }
  }

  /// Whether a shard that a journal names is in the folder with its size; one of defective clips
  /// alone has no file.
  bool is_there(const data::ShardEntry& entry) const {
    return entry.rows == 0 || data::shard_defect(job_.out / entry.file, entry).empty();
  }

  /// Takes over what other workers have made and learned in the meantime.
  void gather() {
    EarlierWork others = inspect_output(job_.out);
    if (others.manifest) earlier_.manifest = std::move(others.manifest);
    learn_known(others.known, input_.corpus);
    std::size_t foreign = 0;
    for (const PlannedShard& shard : plan_.shards) {
      const auto found = others.shards.find(shard.file);
      if (shards_.contains(shard.file) || found == others.shards.end()) continue;
      if (!is_there(found->second)) continue;
      if (found->second.key != shard_key(plan_, shard, input_.corpus)) {
        ++foreign;
        continue;
      }
      FinishedShard& taken = shards_[shard.file];
      taken.entry = found->second;
      for (const std::size_t i : shard.clips) {
        const std::string& path = input_.corpus.clips[i].path;
        const auto reason = others.reasons.find(path);
        if (reason != others.reasons.end()) taken.defects.push_back({path, reason->second});
      }
    }
    earlier_.known = std::move(others.known);
    if (foreign > 0) {
      log_warning(
          "{} shards of other parts were made of another configuration, split or corpus; run these "
          "parts again with this one",
          foreign);
    }
  }

  /// The audio of every clip is known: what is left of corpus and split, and the dataset's id.
  void settle() {
    std::vector<data::Defect> defects;
    for (const auto& [file, shard] : shards_)
      std::ranges::copy(shard.defects, std::back_inserter(defects));
    check_defects(defects);
    settled_ = settle_corpus(std::move(input_), defects);
    require_no_held_out_sounds(sounds_, settled_.corpus, settled_.split);
    for (const std::string& warning : data::corpus_warnings(settled_.corpus))
      log_warning("{}", warning);
    summary_.dataset_id = dataset_id(settled_.corpus, settled_.split, config_, plan_);
    summary_.defects = settled_.corpus.defects;
    std::set<std::string> listed;
    for (const data::Defect& defect : summary_.defects) listed.insert(defect.path);
    std::ranges::copy_if(defects, std::back_inserter(summary_.defects),
                         [&](const data::Defect& defect) { return !listed.contains(defect.path); });
  }

  /// Names what can't be used, before the sides are looked at, which may be empty because of it.
  void check_defects(const std::vector<data::Defect>& decoded) const {
    std::vector<data::Defect> all = input_.corpus.defects;
    std::set<std::string> listed;
    for (const data::Defect& defect : all) listed.insert(defect.path);
    std::ranges::copy_if(decoded, std::back_inserter(all),
                         [&](const data::Defect& defect) { return !listed.contains(defect.path); });
    for (const data::Defect& defect : all) log_error("{}: {}", defect.path, defect.reason);
    const auto count = static_cast<std::int64_t>(all.size());
    if (count > job_.allowed_defects) {
      fail(ErrorKind::data,
           "{} of {} files are defective (named above); all others are processed; mend or "
           "remove them and run again, or leave them out with --allow-defects {}",
           count, input_.corpus.clips.size() + input_.corpus.defects.size(), count);
    }
  }

  /// The dataset is finished and as it should be.
  PreprocessSummary confirm() {
    summary_.up_to_date = made_ == 0;
    if (!same_files(earlier_.known, settled_.corpus))
      data::write_corpus(job_.out / data::kCorpusFile, settled_.corpus);
    remove_leftovers(job_.out, *earlier_.manifest, job_.worker);
    return summarise(*earlier_.manifest);
  }

  data::DatasetManifest finish() {
    data::DatasetManifest manifest;
    manifest.id = summary_.dataset_id;
    manifest.corpus_name = settled_.corpus.name;
    manifest.synthetic = settled_.corpus.synthetic;
    manifest.corpus_hash = settled_.corpus.hash();
    manifest.recipe = dump_config(config_);
    manifest.numerics_version = audio::kFeatureNumericsVersion;
    manifest.row_names = extractor_.row_names();
    manifest.classes = settled_.corpus.classes;
    manifest.split = settled_.split;
    manifest.sounds = sounds_;
    manifest.defects = summary_.defects;
    manifest.version = version();
    for (const auto& [file, shard] : shards_) {
      if (shard.entry.rows > 0) manifest.shards.push_back(shard.entry);
    }
    if (manifest.shards.empty())
      fail(ErrorKind::data, "no clip could be processed; no dataset is made");
    for (const data::ShardEntry& shard : manifest.shards)  // somebody may have emptied the folder
      data::require_shard(job_.out / shard.file, shard);
    data::write_corpus(job_.out / data::kCorpusFile, settled_.corpus);
    data::write_manifest(job_.out, manifest);
    remove_leftovers(job_.out, manifest, job_.worker);
    return manifest;
  }

  PreprocessSummary summarise_part() {
    summary_.shards = made_;
    summary_.missing_shards = plan_.shards.size() - shards_.size();
    for (const auto& [file, shard] : shards_)
      std::ranges::copy(shard.defects, std::back_inserter(summary_.defects));
    summary_.seconds = seconds_since(start_);
    return std::move(summary_);
  }

  PreprocessSummary summarise(const data::DatasetManifest& manifest) {
    for (const data::ShardEntry& shard : manifest.shards) {
      summary_.rows += static_cast<std::size_t>(shard.rows);
      summary_.bytes += shard.bytes;
    }
    summary_.clips =
        settled_.corpus.clips.size() + settled_.corpus.defects.size() - summary_.defects.size();
    summary_.shards = manifest.shards.size();
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
  FolderLock part_lock_;
  EarlierWork earlier_;
  CorpusInput input_;
  audio::FeatureExtractor extractor_;
  HashCache hashes_;
  std::vector<data::Sound> sounds_;
  ShardPlan plan_;
  Journal journal_;
  FinishedShards shards_;  ///< kept and made
  std::size_t made_ = 0;
  SettledCorpus settled_;
  PreprocessSummary summary_;
};

}  // namespace

PreprocessSummary run_preprocess(const PreprocessJob& job) {
  return Run(job)();
}

}  // namespace parlando::preprocess
