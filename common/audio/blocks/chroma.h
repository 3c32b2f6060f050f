#pragma once

#include <memory>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/pitch_keys.h"
#include "common/audio/blocks/stft_keys.h"

namespace parlando::audio {

struct ChromaStftRecipe {
  static constexpr const char* kKind = "chroma_stft";
  static constexpr const char* kMeaning = "pitch classes: librosa.feature.chroma_stft";
  int n_chroma = 12;
  double ctroct = 5;
  double octwidth = 2;
  bool base_c = true;
  NormKey norm{};
  TuningKey tuning{};
  SourceKey source{};
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("n_chroma", n_chroma, {.help = "pitch classes", .min = 2, .max = 120});
    v.field("ctroct", ctroct, {.help = "octave above A0 that weighs most"});
    v.field("octwidth", octwidth,
            {.help = "width of that weighting; 0 = all alike", .unit = "octaves", .min = 0});
    v.field("base_c", base_c, {.help = "the first class is C instead of A"});
    norm.visit(v);
    tuning.visit(v);
    source.visit(v);
    stft.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
