#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "common/audio/clip_analysis.h"
#include "common/audio/recipe.h"
#include "common/audio/spectrogram.h"

namespace parlando::audio {

/// One block of feature rows. A new kind of feature is a class of this kind, a line in make_block()
/// and its name in FeatureBlock.
class Block {
 public:
  virtual ~Block() = default;

  virtual std::size_t rows() const = 0;

  /// The block's features of the clip that `clip` stands on, [frames, rows]; valid until the next
  /// call.
  virtual const Spectrogram& compute(ClipAnalysis& clip) = 0;
};

/// Throws Error(usage) for an unknown block.
std::unique_ptr<Block> make_block(const FeatureBlock& recipe, std::int64_t sample_rate);

/// The mel filterbank that a block asks for.
MelParameters mel_parameters(const FeatureBlock& recipe, std::int64_t sample_rate);

}  // namespace parlando::audio
