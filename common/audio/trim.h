#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "common/audio/frame_energy.h"
#include "common/audio/recipe.h"

namespace parlando::audio {

/// Finds the part of a waveform that is not silent, as librosa.effects.trim does: from the first to
/// the last frame whose RMS lies less than top_db below that of the loudest one. Keeps its buffers.
/// Not thread-safe.
class Trimmer {
 public:
  explicit Trimmer(const TrimRecipe& recipe);

  /// First sample that is kept and the one behind the last. All of a silent waveform is kept.
  std::pair<std::size_t, std::size_t> ends(std::span<const float> waveform);

 private:
  double top_db_;
  std::size_t hop_length_;
  FrameEnergy energy_;
};

}  // namespace parlando::audio
