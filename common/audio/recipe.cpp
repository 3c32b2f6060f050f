#include "common/audio/recipe.h"

#include "common/core/error.h"

namespace parlando::audio {

void FeatureRecipe::validate() const {
  if (features.empty()) fail(ErrorKind::usage, "features: at least one block is needed");
  const double nyquist = static_cast<double>(waveform.sample_rate) / 2;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const FeatureBlock& block = features[i];
    const double fmax = block.fmax > 0 ? block.fmax : nyquist;
    if (block.n_fft % 2 != 0) {
      fail(ErrorKind::usage, "features.{}.n_fft: {} is odd; an even length is needed", i,
           block.n_fft);
    }
    if (fmax > nyquist || block.fmin >= fmax) {
      fail(ErrorKind::usage,
           "features.{}: fmin {} and fmax {} Hz must rise and stay below {} Hz, half the sample "
           "rate",
           i, block.fmin, fmax, nyquist);
    }
    if (block.hop_length != features.front().hop_length) {
      fail(ErrorKind::usage,
           "features.{}.hop_length: {} differs from {} of the first block; stacked blocks need the "
           "same frames",
           i, block.hop_length, features.front().hop_length);
    }
  }
}

}  // namespace parlando::audio
