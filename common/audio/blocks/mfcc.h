#pragma once

#include <memory>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/mel.h"

namespace parlando::audio {

struct MfccRecipe {
  static constexpr const char* kKind = "mfcc";
  static constexpr const char* kMeaning =
      "cepstrum of the mel bands in dB (orthonormal DCT-II): librosa.feature.mfcc";
  int n_mfcc = 20;
  double lifter = 0;
  MelKeys mel{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("n_mfcc", n_mfcc, {.help = "coefficients, at most n_mels", .min = 1, .max = 1024});
    v.field("lifter", lifter, {.help = "length of the sine that weighs them; 0 = none", .min = 0});
    mel.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
