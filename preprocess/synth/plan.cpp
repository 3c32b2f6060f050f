#include "preprocess/synth/plan.h"

#include <algorithm>
#include <array>

#include "common/core/error.h"

namespace parlando::preprocess {
namespace {

constexpr int kDefaultActors = 24;

/// An emotion in a channel; RAVDESS has no disgusted and no surprised song.
struct Cell {
  int channel;
  int emotion;
  /// Intensity x statement x repetition; neutral has one intensity.
  int variants() const { return emotion == 1 ? 4 : 8; }
};

constexpr std::array<Cell, 14> kCells{{{1, 1},
                                       {1, 2},
                                       {1, 3},
                                       {1, 4},
                                       {1, 5},
                                       {1, 6},
                                       {1, 7},
                                       {1, 8},
                                       {2, 1},
                                       {2, 2},
                                       {2, 3},
                                       {2, 4},
                                       {2, 5},
                                       {2, 6}}};

/// All clips of one actor, every cell once before any cell twice. Cells and variants start
/// elsewhere for each actor (5 and 14, 3 and 8 have no common divisor), so that a corpus of few
/// clips an actor has all.
std::vector<SynthClip> clips_of_actor(int actor) {
  std::vector<SynthClip> clips;
  clips.reserve(kClipsPerActor);
  for (int round = 0; round < 8; ++round) {
    for (int step = 0; step < static_cast<int>(kCells.size()); ++step) {
      const int cell_index = (step + 5 * (actor % 14)) % static_cast<int>(kCells.size());
      const Cell& cell = kCells[static_cast<std::size_t>(cell_index)];
      if (round >= cell.variants()) continue;
      const int first = (3 * (actor % 8) + 5 * cell_index) % cell.variants();
      const int variant = first ^ round;
      clips.push_back({.channel = cell.channel,
                       .emotion = cell.emotion,
                       .intensity = 1 + ((variant >> 2) & 1),
                       .statement = 1 + ((variant >> 1) & 1),
                       .repetition = 1 + (variant & 1),
                       .actor = actor});
    }
  }
  return clips;
}

}  // namespace

std::string SynthClip::id() const {
  return fmt::format("03-{:02}-{:02}-{:02}-{:02}-{:02}-{:02}", channel, emotion, intensity,
                     statement, repetition, actor);
}

std::uint64_t SynthClip::code() const {
  std::uint64_t code = static_cast<std::uint64_t>(actor);
  for (const int field : {channel, emotion, intensity, statement, repetition}) {
    code = code * 10 + static_cast<std::uint64_t>(field);
  }
  return code;
}

std::filesystem::path SynthClip::folder(int actors) const {
  return std::filesystem::path(fmt::format("Audio_{}_Actors_01-{:02}",
                                           channel == 1 ? "Speech" : "Song",
                                           std::max(actors, kDefaultActors))) /
         fmt::format("Actor_{:02}", actor);
}

int default_actors(std::size_t clips) {
  const std::size_t needed = (clips + kClipsPerActor - 1) / kClipsPerActor;
  if (needed > kDefaultActors) return static_cast<int>(needed);
  const std::size_t even = clips / kCells.size() / 2 * 2;
  return static_cast<int>(std::clamp<std::size_t>(even, 2, kDefaultActors));
}

std::vector<SynthClip> plan_clips(std::size_t clips, int actors) {
  if (actors < 1 || actors > kMaxActors) {
    fail(ErrorKind::usage, "--actors {}: must be from 1 to {}", actors, kMaxActors);
  }
  const std::size_t available = static_cast<std::size_t>(actors) * kClipsPerActor;
  if (clips < 1 || clips > available) {
    fail(ErrorKind::usage,
         "--clips {}: {} actors give from 1 to {} clips ({} each); ask for fewer clips or more "
         "actors",
         clips, actors, available, kClipsPerActor);
  }
  std::vector<SynthClip> plan;
  plan.reserve(clips);
  const std::size_t a = static_cast<std::size_t>(actors);
  for (std::size_t actor = 0; actor < a; ++actor) {
    const std::size_t count = clips / a + (actor < clips % a ? 1 : 0);
    const std::vector<SynthClip> all = clips_of_actor(static_cast<int>(actor) + 1);
    plan.insert(plan.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return plan;
}

}  // namespace parlando::preprocess
