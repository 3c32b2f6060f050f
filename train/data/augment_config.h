#pragma once

namespace parlando::train {

/// Gaussian noise on every value.
struct NoiseConfig {
  double probability = 0;
  double std = 0.01;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("probability", probability, {.help = "of each sample", .min = 0, .max = 1});
    v.field("std", std, {.help = "in units of the normalised features", .min = 0});
  }
};

/// Stripes of zeros, which are means after normalisation (Park et al., "SpecAugment", 2019).
struct MaskConfig {
  double probability = 0;
  int masks = 1;
  double fraction = 0.1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("probability", probability, {.help = "of each sample", .min = 0, .max = 1});
    v.field("masks", masks, {.help = "how many", .min = 1, .max = 100});
    v.field("fraction", fraction,
            {.help = "widest mask, as a share of the frames or rows; the width is drawn from 0 to "
                     "this",
             .min = 0,
             .max = 1});
  }
};

/// Moves the frames; what is left free becomes 0.
struct ShiftConfig {
  double probability = 0;
  double fraction = 0.1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("probability", probability, {.help = "of each sample", .min = 0, .max = 1});
    v.field(
        "fraction", fraction,
        {.help = "farthest shift either way, as a share of the clip's frames", .min = 0, .max = 1});
  }
};

/// Zhang et al., "mixup: Beyond empirical risk minimization", 2018.
struct MixupConfig {
  double probability = 0;
  double alpha = 0.2;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("probability", probability, {.help = "of each batch", .min = 0, .max = 1});
    v.field("alpha", alpha, {.help = "shares are drawn from Beta(alpha, alpha)", .min = 0.001});
  }
};

/// On-line augmentation: changes training samples when a batch is made, after normalisation, and
/// anew each time. Off as it stands.
struct AugmentConfig {
  ShiftConfig time_shift;
  NoiseConfig noise;
  MaskConfig time_mask;
  MaskConfig frequency_mask;
  MixupConfig mixup;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("time_shift", time_shift, {.help = "moves the frames"});
    v.field("noise", noise, {.help = "Gaussian noise"});
    v.field("time_mask", time_mask, {.help = "stripes of frames set to 0"});
    v.field("frequency_mask", frequency_mask, {.help = "stripes of rows set to 0"});
    v.field("mixup", mixup, {.help = "mixes each sample with another of its batch"});
  }
};

}  // namespace parlando::train
