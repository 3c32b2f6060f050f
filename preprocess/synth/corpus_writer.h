#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace parlando::preprocess {

/// Raised when a sound or a name changes, so that folders of another version are refused.
inline constexpr int kSynthVersion = 1;

struct SynthOptions {
  std::filesystem::path folder;
  std::size_t clips = 700;
  std::uint64_t seed = 1;
  int actors = 0;   ///< 0 = default_actors(clips)
  int threads = 0;  ///< 0 = available_cores()
  /// Polled between clips; the files of a stopped run are whole, and the next run continues.
  std::function<bool()> stop_requested = [] { return false; };
  bool silent = false;  ///< no progress on stderr
};

struct SynthSummary {
  std::size_t clips = 0;
  std::size_t written = 0;  ///< the others were there already
  int actors = 0;
  double seconds = 0;        ///< of work
  double audio_seconds = 0;  ///< of sound in the whole corpus
};

/// Makes a RAVDESS-like corpus in `folder`, with the marker file parlando-corpus.json that scan
/// reads. A file is a function of (seed, clip) alone: the bytes depend neither on threads nor on
/// the size of the corpus. Files that are there and whole are kept. Throws Error(usage) for
/// impossible sizes, Error(artefact) if the folder holds anything but this corpus or can't be
/// written, Error(stopped) if asked to stop.
SynthSummary write_synthetic_corpus(const SynthOptions& options);

}  // namespace parlando::preprocess
