#pragma once

#include <memory>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/pitch_keys.h"
#include "common/audio/pitch/chroma_cqt.h"

namespace parlando::audio {

struct CqtRecipe {
  static constexpr const char* kKind = "cqt";
  static constexpr const char* kMeaning = "constant-Q transform: abs(librosa.cqt)";
  int hop_length = 512;
  double fmin = 0;
  int n_bins = 84;
  int bins_per_octave = 12;
  double filter_scale = 1;
  double sparsity = 0.01;
  bool scale = true;
  TuningKey tuning{"0"};
  SourceKey source{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("hop_length", hop_length,
            {.help = "step between frames", .unit = "samples", .min = 1, .max = 65536});
    v.field("fmin", fmin, {.help = "lowest frequency; 0 = C1, 32.7 Hz", .unit = "Hz", .min = 0});
    v.field("n_bins", n_bins, {.help = "bins", .min = 1, .max = 1200});
    v.field("bins_per_octave", bins_per_octave, {.help = "bins an octave", .min = 1, .max = 120});
    v.field("filter_scale", filter_scale,
            {.help = "below 1: shorter filters, finer in time", .min = 0.01, .max = 100});
    v.field("sparsity", sparsity,
            {.help = "share of a filter's spectrum that is dropped", .min = 0, .max = 0.99});
    v.field("scale", scale, {.help = "divide by the root of the filter's length"});
    tuning.visit(v);
    source.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

/// The keys of librosa.feature.chroma_cqt.
struct ChromaCqtKeys {
  int hop_length = 512;
  double fmin = 0;
  int n_chroma = 12;
  int n_octaves = 7;
  int bins_per_octave = 36;
  double threshold = 0;
  NormKey norm{};
  TuningKey tuning{};
  SourceKey source{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("hop_length", hop_length,
            {.help = "step between frames", .unit = "samples", .min = 1, .max = 65536});
    v.field("fmin", fmin, {.help = "lowest frequency; 0 = C1, 32.7 Hz", .unit = "Hz", .min = 0});
    v.field("n_chroma", n_chroma, {.help = "pitch classes", .min = 2, .max = 120});
    v.field("n_octaves", n_octaves, {.help = "octaves", .min = 1, .max = 12});
    v.field("bins_per_octave", bins_per_octave,
            {.help = "of the constant-Q transform; a multiple of n_chroma", .min = 2, .max = 240});
    v.field("threshold", threshold, {.help = "smaller values become 0", .min = 0});
    norm.visit(v);
    tuning.visit(v);
    source.visit(v);
  }

  ChromaCqtParameters parameters(std::int64_t sample_rate) const;
};

struct ChromaCqtRecipe {
  static constexpr const char* kKind = "chroma_cqt";
  static constexpr const char* kMeaning = "pitch classes: librosa.feature.chroma_cqt";
  ChromaCqtKeys chroma{};

  template <class Visitor>
  void visit(Visitor& v) {
    chroma.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

struct TonnetzRecipe {
  static constexpr const char* kKind = "tonnetz";
  static constexpr const char* kMeaning = "tonal centroids: librosa.feature.tonnetz";
  ChromaCqtKeys chroma{};

  template <class Visitor>
  void visit(Visitor& v) {
    chroma.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
