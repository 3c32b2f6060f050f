#pragma once

#include <string>

namespace parlando::train {

struct AveragingConfig {
  std::string kind = "none";
  double decay = 0.99;
  int epochs = 5;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("kind", kind,
            {.help = "weights that are validated, tested and saved: those of training, their "
                     "moving average, or the mean of the last epochs'",
             .choices = {"none", "ema", "last"}});
    v.field("decay", decay,
            {.help = "ema: share of the old average kept at each step", .min = 0, .max = 1});
    v.field("epochs", epochs, {.help = "last: how many", .unit = "epochs", .min = 1, .max = 100});
  }
};

}  // namespace parlando::train
