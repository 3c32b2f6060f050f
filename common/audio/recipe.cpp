#include "common/audio/recipe.h"

#include "common/audio/blocks/block_stack.h"
#include "common/audio/functionals.h"

namespace parlando::audio {

void FeatureRecipe::validate() const {
  const BlockStack checked_blocks(features, waveform.sample_rate);
  const Functionals checked_functionals(functionals);
}

}  // namespace parlando::audio
