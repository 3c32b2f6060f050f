#include "preprocess/synth/corpus_writer.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <string>
#include <unordered_set>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/progress.h"
#include "common/data/scan.h"
#include "common/io/atomic_file.h"
#include "common/io/file_lock.h"
#include "preprocess/synth/audio_file.h"
#include "preprocess/synth/performance.h"
#include "preprocess/synth/plan.h"
#include "preprocess/synth/render.h"
#include "preprocess/synth/target_folder.h"

namespace parlando::preprocess {
namespace {

namespace fs = std::filesystem;

/// Readers see no part of a file, as with write_file_atomically, but nothing is flushed: a flush a
/// clip would cost more than the clip, and what a power cut loses the next run makes again.
void write_clip(const fs::path& path, const std::string& bytes) {
  const fs::path temporary = temporary_name(path);
  std::ofstream file(temporary, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code error;
  if (file) fs::rename(temporary, path, error);
  if (!file || error) {
    const std::string reason = error ? error.message() : std::strerror(errno);
    fs::remove(temporary, error);
    fail(ErrorKind::artefact,
         "{}: cannot write: {}; free some space or choose another folder, then run again",
         path.string(), reason);
  }
}

/// Leftovers of a killed run.
void remove_temporary_files(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.find(".tmp-") != std::string::npos && entry.is_regular_file()) {
      found.push_back(entry.path());
    }
  }
  for (const fs::path& path : found) fs::remove(path);
}

struct Job {
  SynthClip clip;
  Performance performance;
  fs::path path;  ///< relative to the corpus
};

std::vector<Job> plan_jobs(const SynthOptions& options, int actors) {
  std::vector<Job> jobs;
  for (const SynthClip& clip : plan_clips(options.clips, actors)) {
    Performance performance = draw_performance(options.seed, clip);
    const char* ending = performance.flac ? ".flac" : ".wav";
    jobs.push_back({clip, std::move(performance), clip.folder(actors) / (clip.id() + ending)});
  }
  return jobs;
}

Json make_marker(const SynthOptions& options, int actors) {
  return {{"name", "synthetic"},    {"synthetic", true}, {"seed", options.seed},
          {"clips", options.clips}, {"actors", actors},  {"generator_version", kSynthVersion}};
}

/// Returns how many clips had to be written.
std::size_t write_missing(const SynthOptions& options, const std::vector<Job>& jobs) {
  std::atomic<std::size_t> done{0};
  std::atomic<std::size_t> written{0};
  Progress progress("synth", static_cast<std::int64_t>(jobs.size()), "clips", options.silent);
  const int threads = options.threads > 0 ? options.threads : available_cores();
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, jobs.size(), 8), [&](const auto& range) {
      for (std::size_t i = range.begin(); i != range.end(); ++i) {
        if (options.stop_requested()) return;
        const Job& job = jobs[i];
        const fs::path path = options.folder / job.path;
        if (!is_complete(path, job.performance)) {
          write_clip(path, encode_audio(job.performance,
                                        render(job.performance, options.seed, job.clip.code())));
          ++written;
        }
        progress.update(static_cast<std::int64_t>(++done));
      }
    });
  });
  if (done < jobs.size()) {
    fail(ErrorKind::stopped,
         "{}: stopped on request after {} of {} clips; run the same command to continue",
         options.folder.string(), done.load(), jobs.size());
  }
  progress.finish();
  return written;
}

}  // namespace

SynthSummary write_synthetic_corpus(const SynthOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  SynthSummary summary;
  summary.clips = options.clips;
  summary.actors = options.actors > 0 ? options.actors : default_actors(options.clips);
  const std::vector<Job> jobs = plan_jobs(options, summary.actors);
  std::unordered_set<std::string> expected;
  for (const Job& job : jobs) {
    expected.insert(job.path.generic_string());
    summary.audio_seconds += static_cast<double>(job.performance.samples) /
                             static_cast<double>(job.performance.sample_rate);
  }
  const Json marker = make_marker(options, summary.actors);
  check_target_folder(options.folder, marker, expected);

  const FolderLock lock(options.folder);
  remove_temporary_files(options.folder);
  if (!fs::exists(options.folder / data::kCorpusMarker))
    write_json(options.folder / data::kCorpusMarker, marker);
  std::unordered_set<std::string> folders;
  for (const Job& job : jobs) {
    if (folders.insert(job.path.parent_path().string()).second) {
      make_folder(options.folder / job.path.parent_path());
    }
  }
  summary.written = write_missing(options, jobs);
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return summary;
}

}  // namespace parlando::preprocess
