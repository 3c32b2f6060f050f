#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/audio/augment/options.h"
#include "common/audio/recipe.h"
#include "common/data/class_config.h"
#include "common/data/layout.h"
#include "common/data/split.h"

namespace parlando::preprocess {

/// An operation that a variant may get: on the waveform before features
/// (common/audio/augment/options.h), or on normalised features (common/data/row_operation.h).
struct VariantOperation {
  std::string op = "noise";
  double probability = 1;
  double std = 0.01;
  double fraction = 0.1;
  int masks = 1;
  audio::WaveformOptions waveform;

  bool on_waveform() const { return audio::is_waveform_operation(op); }

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("op", op, {.help = "what is done, docs/augmentation.md", .choices = choices()});
    v.field("probability", probability,
            {.help = "that a variant gets this one", .min = 0, .max = 1});
    if (on_waveform()) {
      waveform.visit(op, v);
    } else if (op == "noise") {
      v.field("std", std,
              {.help = "standard deviation, in units of normalised features", .min = 0});
    } else {
      v.field("fraction", fraction,
              {.help = "share of the frames or rows that a mask sets to 0", .min = 0, .max = 1});
      v.field("masks", masks, {.help = "that many masks", .min = 1, .max = 100});
    }
  }

  void validate() const { waveform.validate(op); }

  static std::vector<std::string> choices();
};

/// The variants of training clips. Which operations a variant gets, and their parameters, are
/// functions of (seed, clip, copy).
struct VariantsConfig {
  int copies = 0;
  std::uint64_t seed = 42;
  std::string choose = "one";
  std::int64_t within_frames = 0;
  std::vector<VariantOperation> operations;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("copies", copies, {.help = "variants of every training clip", .min = 0, .max = 100});
    v.field("seed", seed, {.help = "of the choice of operations and their parameters"});
    v.field("choose", choose,
            {.help = "one operation a variant, or each with its probability, in their order",
             .choices = {"one", "each"}});
    v.field("within_frames", within_frames,
            {.help = "masks lie in the first frames, as training crops to them; 0 = whole clip",
             .unit = "frames",
             .min = 0});
    v.field("operations", operations,
            {.help = "on the waveform or on normalised features; for one, the probabilities add "
                     "up to 1"});
  }

  /// Whether variants have features of their own.
  bool change_waveforms() const;

  /// Throws Error(usage) if copies are asked for and the probabilities do not add up to 1 where one
  /// operation is chosen, or an operation on the waveform stands behind one on features.
  void validate() const;
};

/// A whole preprocess recipe: configs/preprocess/*.yaml.
struct PreprocessConfig {
  std::string name = "unnamed";
  audio::FeatureRecipe recipe;
  std::string layout = "auto";
  data::ClassConfig classes;
  data::SplitConfig split;
  VariantsConfig variants;
  std::int64_t shard_bytes = std::int64_t{16} << 20;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("name", name, {.help = "of the recipe"});
    recipe.visit(v);
    v.field("layout", layout,
            {.help = "of the corpus's file names; auto tries them all",
             .choices = data::layout_names()});
    v.field("classes", classes, {.help = "which classes there are"});
    v.field("split", split, {.help = "which clips train, validate and test"});
    v.field("variants", variants, {.help = "changed copies of training clips"});
    v.field("shard_bytes", shard_bytes,
            {.help = "size that a shard aims at", .unit = "bytes", .min = 1});
  }

  /// Throws Error(usage) if the recipe has no features, or variants on the waveform of external
  /// arrays alone.
  void validate() const;
};

}  // namespace parlando::preprocess
