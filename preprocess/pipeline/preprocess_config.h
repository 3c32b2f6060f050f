#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/audio/recipe.h"
#include "common/data/class_config.h"
#include "common/data/layout.h"
#include "common/data/split.h"

namespace parlando::preprocess {

/// An operation on normalised features that a variant may get (common/data/row_operation.h).
struct VariantOperation {
  std::string op = "noise";
  double probability = 1;
  double std = 0.01;
  double fraction = 0.1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("op", op, {.help = "what the loader does", .choices = {"noise", "time_mask"}});
    v.field("probability", probability,
            {.help = "that a variant gets this one", .min = 0, .max = 1});
    if (op == "noise") {
      v.field("std", std,
              {.help = "standard deviation, in units of normalised features", .min = 0});
    } else {
      v.field("fraction", fraction, {.help = "share of the frames set to 0", .min = 0, .max = 1});
    }
  }
};

/// The variants of training clips. Which operation a variant gets, and its parameters, are
/// functions of (seed, clip, copy).
struct VariantsConfig {
  int copies = 0;
  std::uint64_t seed = 42;
  std::int64_t within_frames = 0;
  std::vector<VariantOperation> operations;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("copies", copies, {.help = "variants of every training clip", .min = 0, .max = 100});
    v.field("seed", seed, {.help = "of the choice of operations and their parameters"});
    v.field("within_frames", within_frames,
            {.help = "masks lie in the first frames, as training crops to them; 0 = whole clip",
             .unit = "frames",
             .min = 0});
    v.field("operations", operations,
            {.help = "one of these a variant; probabilities add up to 1"});
  }

  /// Throws Error(usage) if copies are asked for and the probabilities do not add up to 1.
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
  std::int64_t shard_bytes = std::int64_t{64} << 20;

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

  /// Throws Error(usage) if the recipe has no features.
  void validate() const;
};

}  // namespace parlando::preprocess
