#pragma once

#include <memory>
#include <string>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/pitch_keys.h"
#include "common/audio/pitch/yin_difference.h"

namespace parlando::audio {

/// The keys that librosa.yin and librosa.pyin share.
struct PeriodKeys {
  double fmin = 65;
  double fmax = 1000;
  int frame_length = 2048;
  int hop_length = 512;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("fmin", fmin, {.help = "lowest pitch", .unit = "Hz", .min = 1});
    v.field("fmax", fmax, {.help = "highest pitch", .unit = "Hz", .min = 1});
    v.field("frame_length", frame_length,
            {.help = "longer than a period of fmin", .unit = "samples", .min = 4, .max = 65536});
    v.field("hop_length", hop_length,
            {.help = "step between frames", .unit = "samples", .min = 1, .max = 65536});
  }

  YinParameters parameters(std::int64_t sample_rate) const;
};

struct YinRecipe {
  static constexpr const char* kKind = "yin";
  static constexpr const char* kMeaning = "fundamental frequency, in silence too: librosa.yin";
  PeriodKeys period{};
  double trough_threshold = 0.1;
  SourceKey source{};

  template <class Visitor>
  void visit(Visitor& v) {
    period.visit(v);
    v.field("trough_threshold", trough_threshold,
            {.help = "a lower difference is a period", .min = 0});
    source.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

struct PyinRecipe {
  static constexpr const char* kKind = "pyin";
  static constexpr const char* kMeaning = "fundamental frequency where voiced: librosa.pyin";
  PeriodKeys period{};
  bool f0 = true;
  bool voiced_flag = false;
  bool voiced_prob = false;
  double fill_na = 0;
  int n_thresholds = 100;
  int beta_a = 2;
  int beta_b = 18;
  double boltzmann_parameter = 2;
  double resolution = 0.1;
  double max_transition_rate = 35.92;
  double switch_prob = 0.01;
  double no_trough_prob = 0.01;
  SourceKey source{};

  template <class Visitor>
  void visit(Visitor& v) {
    period.visit(v);
    v.field("f0", f0, {.help = "a row with the frequency"});
    v.field("voiced_flag", voiced_flag, {.help = "a row with 1 where voiced, else 0"});
    v.field("voiced_prob", voiced_prob, {.help = "a row with the probability of voice"});
    v.field("fill_na", fill_na,
            {.help = "f0 of unvoiced frames (librosa: NaN, which no feature may be)"});
    v.field("n_thresholds", n_thresholds, {.help = "thresholds tried", .min = 1, .max = 10000});
    v.field("beta_a", beta_a,
            {.help = "their prior: the beta distribution (a, b)", .min = 1, .max = 1000});
    v.field("beta_b", beta_b, {.help = "its second parameter", .min = 1, .max = 1000});
    v.field("boltzmann_parameter", boltzmann_parameter,
            {.help = "preference of short periods", .min = 1e-6});
    v.field("resolution", resolution,
            {.help = "of the pitches", .unit = "semitones", .min = 0.01, .max = 1});
    v.field("max_transition_rate", max_transition_rate,
            {.help = "fastest glide", .unit = "octaves/s", .min = 0});
    v.field("switch_prob", switch_prob,
            {.help = "of voiced to unvoiced and back", .min = 0, .max = 1});
    v.field("no_trough_prob", no_trough_prob,
            {.help = "of the lowest difference if none is below a threshold", .min = 0, .max = 1});
    source.visit(v);
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
