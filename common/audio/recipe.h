#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/audio/blocks/feature_block.h"

namespace parlando::audio {

/// Cuts silence off both ends: librosa.effects.trim with the maximum as reference.
struct TrimRecipe {
  double top_db = 60;
  std::int64_t frame_length = 2048;
  std::int64_t hop_length = 512;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("top_db", top_db,
            {.help = "silence lies this much below the loudest frame", .unit = "dB", .min = 0.001});
    v.field("frame_length", frame_length,
            {.help = "over which the level is taken", .unit = "samples", .min = 1, .max = 65536});
    v.field("hop_length", hop_length,
            {.help = "step between frames", .unit = "samples", .min = 1, .max = 65536});
  }
};

/// What happens to the waveform before features, in this order: offset and duration at the clip's
/// own rate, mean of the channels, resampling (libsoxr HQ), trim, fix_length.
struct WaveformRecipe {
  std::int64_t sample_rate = 22050;
  double offset = 0;
  double duration = 0;
  std::optional<TrimRecipe> trim{};
  std::int64_t fix_length = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field(
        "sample_rate", sample_rate,
        {.help = "rate that features are computed at", .unit = "Hz", .min = 1000, .max = 192000});
    v.field("offset", offset,
            {.help = "skipped at the start, at the clip's own rate", .unit = "s", .min = 0});
    v.field("duration", duration,
            {.help = "cut at the clip's own rate before resampling; 0 = whole clip",
             .unit = "s",
             .min = 0});
    v.field("trim", trim,
            {.help = "cuts silence off both ends: {top_db: 60, frame_length: 2048, hop_length: "
                     "512}; absent = no trim"});
    v.field("fix_length", fix_length,
            {.help = "zero-pad or crop to this length after resampling; 0 = leave",
             .unit = "samples",
             .min = 0,
             .max = 100'000'000});
  }
};

/// From a clip to its feature matrix.
struct FeatureRecipe {
  WaveformRecipe waveform;
  std::vector<FeatureBlock> features{FeatureBlock(LogMelRecipe{})};
  std::vector<std::string> functionals{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("waveform", waveform, {.help = "what happens to the waveform before features"});
    v.field("features", features,
            {.help = "blocks, stacked in this order; 'parlando features --list-blocks' lists their "
                     "kinds and keys"});
    v.field("functionals", functionals,
            {.help = "statistics over time instead of frames: mean, std, min, max, range, median, "
                     "slope, skewness, kurtosis, percentiles like p5; [] = frames"});
  }

  /// Throws Error(usage) for blocks that contradict each other or the sample rate, and for unknown
  /// functionals.
  void validate() const;
};

}  // namespace parlando::audio
