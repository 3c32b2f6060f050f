#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/data/clip.h"
#include "common/io/json.h"

namespace parlando::data {

/// A file that can't be used, and why, in words for a person.
struct Defect {
  std::string path;
  std::string reason;
};

/// The corpus manifest: every clip with its labels, in an order that depends on the labels alone
/// (channel with speech first, speaker, id), never on the file system.
struct Corpus {
  std::string name;        ///< "RAVDESS", "synthetic", or given
  bool synthetic = false;  ///< made by `parlando synth`: no figure on it says anything about people
  std::filesystem::path root;        ///< folder that clip paths are relative to
  std::vector<std::string> classes;  ///< label names in the order of their indices
  std::vector<Clip> clips;
  std::vector<Defect> defects;
  std::map<std::string, std::size_t> left_out;  ///< clips by label that the class set leaves out

  /// Index of a label in `classes`. Throws Error(data) for an unknown one.
  int class_index(const std::string& label) const;

  /// Hash over ids, labels and audio hashes in order: what the corpus says, not where it lies.
  std::string hash() const;

  /// Groups of clips (indices) with identical audio, each of two or more.
  std::vector<std::vector<std::size_t>> duplicates() const;
};

/// The order of clips in a manifest: speech, song, other channels by name; then the speaker
/// (numbers by value), then the id.
bool clip_before(const Clip& left, const Clip& right);

/// What was said, by whom and how: equal for the repetitions of an utterance. "" where the corpus
/// does not number repetitions.
std::string utterance_of(const Clip& clip);

/// One performance: the utterance and its repetition. Two clips of one take are the same recording
/// in two files, for instance from a video and from its sound. "" where utterance_of is.
std::string take_of(const Clip& clip);

/// Speakers in manifest order, each once.
std::vector<std::string> speakers(const Corpus& corpus);

/// One clip's line of a corpus manifest of a version. Reading throws Error(artefact) naming
/// `source`.
inline constexpr int kCorpusVersion = 2;
Json clip_to_json(const Clip& clip);
Clip clip_from_json(const Json& line, int version, const std::string& source);

/// The corpus manifest as JSON lines (UTF-8). First a header:
///   {"format":"parlando-corpus","version":2,"name":..,"synthetic":..,"root":..,"classes":[..],
///    "left_out":{label:n},"clips":n,"defects":n}
/// then a line a clip, in manifest order:
///   {"clip":id,"path":..,"label":..,"speaker":..,"sex":..,"language":..,"channel":..,"intensity":..,
///    "statement":..,"repetition":..,"sample_rate":Hz,"channels":..,"samples":..,"peak":..,"audio_hash":..,"bytes":..,
///    "modified_ns":..}
/// then a line a defect: {"defect":path,"reason":..}. A relative root is relative to the manifest's
/// folder. Version 1, which has no "language" and no "left_out", is read too. Throws
/// Error(artefact) naming the file, and the line where it is damaged or holds what no scan writes:
/// an empty id, path, label or speaker, fewer than one sample, and the like.
void write_corpus(const std::filesystem::path& path, const Corpus& corpus);
Corpus read_corpus(const std::filesystem::path& path);

}  // namespace parlando::data
