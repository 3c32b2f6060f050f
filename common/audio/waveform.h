#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/audio/decode.h"
#include "common/audio/recipe.h"
#include "common/audio/resampler.h"
#include "common/audio/trim.h"

namespace parlando::audio {

/// Makes the waveform that features are computed of: cut at the clip's own rate, mean of the
/// channels, resampling, trim, fixed length. Keeps its buffers and resampler. Not thread-safe.
class WaveformPreparation {
 public:
  explicit WaveformPreparation(const WaveformRecipe& recipe);

  /// Valid until the next call. Throws Error(data) if a sample is not finite or the clip ends
  /// before the recipe's offset.
  std::span<const float> prepare(const DecodedAudio& audio);

  /// The same without the last step: where changes of the waveform belong (augment/).
  std::span<const float> prepare_natural(const DecodedAudio& audio);
  /// The last step: zero-pads or crops to the recipe's length.
  void fix_length(std::vector<float>& waveform) const;

  /// Samples that prepare_natural() gives for a clip of this rate and length at the most:
  /// a trim shortens.
  std::int64_t natural_length(std::int64_t sample_rate, std::int64_t samples) const;
  /// Samples that are left of `natural` ones after the last step.
  std::int64_t fixed_length(std::int64_t natural) const;

 private:
  /// Samples of a clip that the recipe reads.
  struct Cut {
    std::int64_t first = 0;
    std::int64_t count = 0;
  };
  Cut cut(std::int64_t sample_rate, std::int64_t samples) const;
  /// Mean of the channels of that part.
  std::span<const float> mono_part(const DecodedAudio& audio, const Cut& cut);

  WaveformRecipe recipe_;
  Resampler resampler_;
  std::optional<Trimmer> trimmer_;
  std::vector<float> mono_;
  std::vector<float> waveform_;
};

}  // namespace parlando::audio
