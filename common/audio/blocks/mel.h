#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/decibel_keys.h"
#include "common/audio/blocks/stft_keys.h"
#include "common/audio/mel.h"

namespace parlando::audio {

/// The keys of librosa.feature.melspectrogram, shared by all blocks over mel bands.
struct MelKeys {
  int n_mels = 128;
  double fmin = 0;
  double fmax = 0;
  bool htk = false;
  std::string norm = "slaney";
  int power = 2;
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("n_mels", n_mels, {.help = "mel bands", .min = 1, .max = 1024});
    v.field("fmin", fmin, {.help = "lowest frequency", .unit = "Hz", .min = 0});
    v.field("fmax", fmax,
            {.help = "highest frequency; 0 = half the sample rate", .unit = "Hz", .min = 0});
    v.field("htk", htk, {.help = "HTK mel scale instead of Slaney's"});
    v.field(
        "norm", norm,
        {.help = "of the triangles: unit area or a height of 1", .choices = {"slaney", "none"}});
    v.field("power", power, {.help = "bands sum magnitudes (1) or powers (2)", .min = 1, .max = 2});
    stft.visit(v);
  }

  /// Throws Error(usage) for frequencies that do not rise or pass half the sample rate.
  MelParameters parameters(std::int64_t sample_rate) const;
};

struct MelRecipe {
  static constexpr const char* kKind = "mel";
  static constexpr const char* kMeaning = "mel spectrogram: librosa.feature.melspectrogram";
  MelKeys mel{};

  template <class Visitor>
  void visit(Visitor& v) {
    mel.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

struct LogMelRecipe {
  static constexpr const char* kKind = "log_mel";
  static constexpr const char* kMeaning = "the same in dB: librosa.power_to_db";
  MelKeys mel{};
  DecibelKeys decibel{};

  template <class Visitor>
  void visit(Visitor& v) {
    mel.visit(v);
    decibel.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
