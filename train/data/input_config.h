#pragma once

#include <string>

namespace parlando::train {

/// From stored features to the network's input.
struct InputConfig {
  int frames = 128;
  std::string normalization = "per-pixel";
  double epsilon = 1e-8;
  bool variants = true;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("frames", frames,
            {.help = "crop or pad at the end to this length",
             .unit = "frames",
             .min = 1,
             .max = 100000});
    v.field(
        "normalization", normalization,
        {.help =
             "z-score fitted on the training clips: for each frame and row, for each row, or none",
         .choices = {"per-pixel", "per-row", "none"}});
    v.field("epsilon", epsilon, {.help = "added to the standard deviation", .min = 0});
    v.field("variants", variants, {.help = "train on the dataset's stored variants too"});
  }
};

}  // namespace parlando::train
