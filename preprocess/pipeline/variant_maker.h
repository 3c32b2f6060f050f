#pragma once

#include <string>
#include <vector>

#include "common/audio/augment/sound_cache.h"
#include "common/audio/augment/waveform_augmenter.h"
#include "common/audio/feature_extractor.h"
#include "preprocess/pipeline/variants.h"

namespace parlando::preprocess {

/// A variant as its dataset row holds it.
struct Variant {
  std::string augmentation;       ///< common/data/augmentation.h
  audio::FeatureMatrix features;  ///< without frames where only features are changed
};

/// Makes the variants of clips. Not thread-safe; several share draws and sounds.
class VariantMaker {
 public:
  VariantMaker(const VariantDraws& draws, std::int64_t sample_rate, audio::SoundCache& sounds);

  /// Whether `waveform` matters in make().
  bool needs_waveform() const { return draws_.change_waveforms(); }

  /// All variants of a clip, in the order of the copies. `waveform` is the clip's as the extractor
  /// gives it, `source` its features. Throws Error(data) where features can't be made.
  std::vector<Variant> make(const std::string& clip, const std::vector<float>& waveform,
                            const audio::FeatureMatrix& source, audio::FeatureExtractor& extractor);

 private:
  const VariantDraws& draws_;
  audio::WaveformAugmenter augmenter_;
};

}  // namespace parlando::preprocess
