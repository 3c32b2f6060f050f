#pragma once

#include <memory>
#include <string>

#include "common/audio/blocks/block.h"

namespace parlando::audio {

/// The keys of blocks that look at frames of the waveform itself.
struct FrameKeys {
  int frame_length = 2048;
  int hop_length = 512;
  bool center = true;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("frame_length", frame_length,
            {.help = "samples a frame", .unit = "samples", .min = 2, .max = 65536});
    v.field("hop_length", hop_length,
            {.help = "step between frames", .unit = "samples", .min = 1, .max = 65536});
    v.field("center", center, {.help = "frame t is centred on sample t * hop_length"});
  }
  FrameGrid grid() const {
    return {static_cast<std::size_t>(frame_length), static_cast<std::size_t>(hop_length), center};
  }
};

struct RmsRecipe {
  static constexpr const char* kKind = "rms";
  static constexpr const char* kMeaning = "root mean square of the samples: librosa.feature.rms";
  FrameKeys frame{};
  std::string pad_mode = "constant";

  template <class Visitor>
  void visit(Visitor& v) {
    frame.visit(v);
    v.field("pad_mode", pad_mode,
            {.help = "what a centred frame sees beyond the ends",
             .choices = {"constant", "reflect", "edge"}});
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

struct ZeroCrossingRateRecipe {
  static constexpr const char* kKind = "zero_crossing_rate";
  static constexpr const char* kMeaning =
      "share of samples that change sign: librosa.feature.zero_crossing_rate";
  FrameKeys frame{};
  double threshold = 1e-10;
  bool zero_pos = true;

  template <class Visitor>
  void visit(Visitor& v) {
    frame.visit(v);
    v.field("threshold", threshold, {.help = "samples up to this count as 0", .min = 0});
    v.field("zero_pos", zero_pos, {.help = "0 is positive; if not, it is a sign of its own"});
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
