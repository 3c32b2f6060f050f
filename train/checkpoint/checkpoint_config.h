#pragma once

namespace parlando::train {

/// When checkpoints are written and which are kept.
struct CheckpointConfig {
  int every_steps = 0;
  int every_epochs = 1;
  double every_minutes = 0;
  int keep = 2;
  bool keep_best = true;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("every_steps", every_steps,
            {.help = "write a checkpoint after so many steps; 0 = not by steps", .min = 0});
    v.field("every_epochs", every_epochs,
            {.help = "write one after so many epochs; 0 = not by epochs", .min = 0});
    v.field("every_minutes", every_minutes,
            {.help = "write one when the last is so old; 0 = not by time",
             .unit = "minutes",
             .min = 0});
    v.field("keep", keep, {.help = "how many of the newest stay", .min = 1});
    v.field("keep_best", keep_best,
            {.help = "the best epoch's stays too, if one was written at its end"});
  }
};

}  // namespace parlando::train
