#include "common/audio/recipe.h"

#include "common/audio/blocks/block_stack.h"

namespace parlando::audio {

void FeatureRecipe::validate() const {
  const BlockStack checked(features, waveform.sample_rate);
}

}  // namespace parlando::audio
