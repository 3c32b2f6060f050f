#pragma once

#include <memory>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/pitch_keys.h"
#include "common/audio/blocks/stft_keys.h"

namespace parlando::audio {

struct EstimateTuningRecipe {
  static constexpr const char* kKind = "estimate_tuning";
  static constexpr const char* kMeaning =
      "by how much the clip is out of tune, fraction of a bin, the same in all its frames: "
      "librosa.estimate_tuning";
  double resolution = 0.01;
  int bins_per_octave = 12;
  double fmin = 150;
  double fmax = 4000;
  double threshold = 0.1;
  SourceKey source{};
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("resolution", resolution,
            {.help = "of the tuning", .unit = "bins", .min = 1e-4, .max = 1});
    v.field("bins_per_octave", bins_per_octave, {.help = "bins an octave", .min = 1, .max = 240});
    v.field("fmin", fmin, {.help = "lowest pitch that counts", .unit = "Hz", .min = 0});
    v.field("fmax", fmax, {.help = "highest pitch that counts", .unit = "Hz", .min = 0});
    v.field("threshold", threshold,
            {.help = "a pitch is louder than this share of its frame's loudest bin", .min = 0});
    source.visit(v);
    stft.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
