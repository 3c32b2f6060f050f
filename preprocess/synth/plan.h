#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace parlando::preprocess {

/// What the fields of a RAVDESS file name say, with RAVDESS's numbers.
struct SynthClip {
  int channel = 1;  ///< 1 speech, 2 song
  int emotion =
      1;  ///< 1 neutral, 2 calm, 3 happy, 4 sad, 5 angry, 6 fearful, 7 disgust, 8 surprised
  int intensity = 1;   ///< 1 normal, 2 strong; neutral has normal alone
  int statement = 1;   ///< 1 or 2
  int repetition = 1;  ///< 1 or 2
  int actor = 1;       ///< from 1; odd = male, even = female

  /// "03-01-06-01-02-01-12": unique in the corpus.
  std::string id() const;
  /// A number as unique as the id: position of the clip's random streams.
  std::uint64_t code() const;
  /// "Audio_Speech_Actors_01-24/Actor_12"; `actors` = actors of the corpus.
  std::filesystem::path folder(int actors) const;
};

inline constexpr int kClipsPerActor = 104;  ///< 60 of speech, 44 of song
inline constexpr int kMaxActors = 999'999;  ///< six digits in the last field of the name
inline constexpr std::size_t kMaxClips = std::size_t{kClipsPerActor} * kMaxActors;

/// Actors of a corpus of `clips`: RAVDESS's 24, fewer while an actor would not have a clip of each
/// emotion and channel, more when 24 do not give enough clips.
int default_actors(std::size_t clips);

/// The clips of a corpus, balanced at any size: actors differ by at most one clip, an actor's
/// emotion x channel cells fill evenly, and the two repetitions of a clip come one after the other.
/// The order depends on the arguments alone. Throws Error(usage) if `actors` do not give that many
/// clips.
std::vector<SynthClip> plan_clips(std::size_t clips, int actors);

}  // namespace parlando::preprocess
