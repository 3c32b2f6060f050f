#pragma once

#include <memory>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/stft_keys.h"

namespace parlando::audio {

struct SpectralCentroidRecipe {
  static constexpr const char* kKind = "spectral_centroid";
  static constexpr const char* kMeaning =
      "mean frequency of the magnitudes, Hz: librosa.feature.spectral_centroid";
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    stft.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

struct SpectralBandwidthRecipe {
  static constexpr const char* kKind = "spectral_bandwidth";
  static constexpr const char* kMeaning =
      "p-th moment around the centroid, Hz: librosa.feature.spectral_bandwidth";
  double p = 2;
  bool norm = true;
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("p", p, {.help = "power of the deviation", .min = 0.01, .max = 100});
    v.field("norm", norm, {.help = "magnitudes of a frame add up to 1"});
    stft.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

struct SpectralRolloffRecipe {
  static constexpr const char* kKind = "spectral_rolloff";
  static constexpr const char* kMeaning =
      "frequency below which a share of the magnitudes lies, Hz: librosa.feature.spectral_rolloff";
  double roll_percent = 0.85;
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("roll_percent", roll_percent,
            {.help = "the share, as a fraction", .min = 1e-6, .max = 1 - 1e-6});
    stft.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

struct SpectralFlatnessRecipe {
  static constexpr const char* kKind = "spectral_flatness";
  static constexpr const char* kMeaning =
      "geometric over arithmetic mean of the powers: librosa.feature.spectral_flatness";
  double amin = 1e-10;
  double power = 2;
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("amin", amin, {.help = "what is lower counts as this", .min = 1e-37});
    v.field("power", power, {.help = "of the magnitudes", .min = 0.01, .max = 100});
    stft.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

struct SpectralContrastRecipe {
  static constexpr const char* kKind = "spectral_contrast";
  static constexpr const char* kMeaning =
      "peaks over valleys of octave bands, dB: librosa.feature.spectral_contrast";
  double fmin = 200;
  int n_bands = 6;
  double quantile = 0.02;
  bool linear = false;
  StftKeys stft{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("fmin", fmin, {.help = "upper end of the lowest band", .unit = "Hz", .min = 1});
    v.field("n_bands", n_bands, {.help = "octaves above it", .min = 1, .max = 16});
    v.field(
        "quantile", quantile,
        {.help = "share of a band's bins that is peak, or valley", .min = 1e-6, .max = 1 - 1e-6});
    v.field("linear", linear, {.help = "difference of magnitudes instead of dB"});
    stft.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
