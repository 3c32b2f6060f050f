#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parlando::audio {

/// What happens to the waveform before features.
struct WaveformRecipe {
  std::int64_t sample_rate = 22050;
  double duration = 0;
  std::int64_t fix_length = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field(
        "sample_rate", sample_rate,
        {.help = "rate that features are computed at", .unit = "Hz", .min = 1000, .max = 192000});
    v.field("duration", duration,
            {.help = "cut at the clip's own rate before resampling; 0 = whole clip",
             .unit = "s",
             .min = 0});
    v.field("fix_length", fix_length,
            {.help = "zero-pad or crop to this length after resampling; 0 = leave",
             .unit = "samples",
             .min = 0});
  }
};

/// One block of features with librosa's parameters.
struct FeatureBlock {
  std::string block = "log_mel";
  int n_mels = 128;
  int n_fft = 2048;
  int hop_length = 512;
  double fmin = 0;
  double fmax = 0;
  bool htk = false;
  std::string ref = "max";
  double top_db = 80;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("block", block, {.help = "which feature", .choices = {"log_mel", "mel"}});
    v.field("n_mels", n_mels, {.help = "mel bands", .min = 1, .max = 1024});
    v.field("n_fft", n_fft,
            {.help = "FFT and window length", .unit = "samples", .min = 16, .max = 65536});
    v.field("hop_length", hop_length,
            {.help = "step between frames", .unit = "samples", .min = 1, .max = 65536});
    v.field("fmin", fmin, {.help = "lowest frequency", .unit = "Hz", .min = 0});
    v.field("fmax", fmax,
            {.help = "highest frequency; 0 = half the sample rate", .unit = "Hz", .min = 0});
    v.field("htk", htk, {.help = "HTK mel scale instead of Slaney's"});
    if (block == "log_mel") {
      v.field("ref", ref, {.help = "0 dB level", .choices = {"max", "1"}});
      v.field("top_db", top_db,
              {.help = "floor below the largest value; 0 = none", .unit = "dB", .min = 0});
    }
  }
};

/// From a clip to its feature matrix.
struct FeatureRecipe {
  WaveformRecipe waveform;
  std::vector<FeatureBlock> features{FeatureBlock{}};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("waveform", waveform, {.help = "what happens to the waveform before features"});
    v.field("features", features, {.help = "blocks, stacked in this order"});
  }

  /// Throws Error(usage) for blocks that contradict each other or the sample rate.
  void validate() const;
};

}  // namespace parlando::audio
