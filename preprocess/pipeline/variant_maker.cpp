#include "preprocess/pipeline/variant_maker.h"

#include <utility>

#include "common/core/error.h"
#include "common/data/augmentation.h"

namespace parlando::preprocess {

VariantMaker::VariantMaker(const VariantDraws& draws, std::int64_t sample_rate,
                           audio::SoundCache& sounds)
    : draws_(draws), augmenter_(sample_rate, sounds) {}

std::vector<Variant> VariantMaker::make(const std::string& clip, const std::vector<float>& waveform,
                                        const audio::FeatureMatrix& source,
                                        audio::FeatureExtractor& extractor) {
  std::vector<Variant> variants;
  for (int copy = 1; copy <= draws_.copies(); ++copy) {
    data::Augmentation augmentation;
    augmentation.waveform = draws_.waveform(clip, copy);
    Variant variant;
    std::size_t frames = source.frames;
    if (!augmentation.waveform.empty()) {
      std::vector<float> changed = waveform;
      for (const Json& operation : augmentation.waveform) augmenter_.apply(operation, changed);
      variant.features = extractor.extract_waveform(std::move(changed), clip);
      frames = variant.features.frames;
      if (frames == 0) fail(ErrorKind::data, "too short for the variant {}", copy);
    }
    augmentation.features = draws_.features(clip, copy, static_cast<std::int64_t>(frames),
                                            static_cast<std::int64_t>(source.rows));
    variant.augmentation = data::augmentation_to_text(augmentation);
    variants.push_back(std::move(variant));
  }
  return variants;
}

}  // namespace parlando::preprocess
