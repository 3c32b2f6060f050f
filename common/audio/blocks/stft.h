#pragma once

#include <memory>
#include <string>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/decibel_keys.h"
#include "common/audio/blocks/stft_keys.h"

namespace parlando::audio {

struct StftRecipe {
  static constexpr const char* kKind = "stft";
  static constexpr const char* kMeaning = "spectrogram: abs(librosa.stft), its square or decibels";
  std::string output = "magnitude";
  DecibelKeys decibel{};
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("output", output,
            {.help = "what a bin holds", .choices = {"magnitude", "power", "db"}});
    if (output == "db") decibel.visit(v);
    stft.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
