#pragma once

#include <string>

namespace parlando::train {

/// From stored features to the network's input.
struct InputConfig {
  int frames = 128;
  std::string padding = "fixed";
  std::string normalization = "per-pixel";
  double epsilon = 1e-8;
  bool variants = true;
  std::string memory = "50%";
  int prefetch = 2;
  int loader_threads = 1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("frames", frames,
            {.help = "crop or pad at the end to this length; 0 = the dataset's longest clip",
             .unit = "frames",
             .min = 0,
             .max = 100000});
    v.field("padding", padding,
            {.help = "to input.frames, or to the longest clip of the batch (needs model.mask)",
             .choices = {"fixed", "batch"}});
    v.field(
        "normalization", normalization,
        {.help =
             "z-score fitted on the training clips: for each frame and row, for each row, or none",
         .choices = {"per-pixel", "per-row", "none"}});
    v.field("epsilon", epsilon, {.help = "added to the standard deviation", .min = 0});
    v.field("variants", variants, {.help = "train on the dataset's stored variants too"});
    v.field("memory", memory,
            {.help = "for features: a share of the machine's memory (50%), which its ranks divide, "
                     "or each rank's (2GiB); what does not fit is read again in every epoch"});
    v.field("prefetch", prefetch,
            {.help = "built ahead of the training loop", .unit = "batches", .min = 1, .max = 1000});
    v.field("loader_threads", loader_threads,
            {.help = "that build batches, for each rank", .min = 1, .max = 256});
  }
};

}  // namespace parlando::train
