#pragma once

namespace parlando::train {

/// Adam with Keras' defaults and form.
struct OptimizerConfig {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("learning_rate", learning_rate, {.help = "step size at the start", .min = 0});
    v.field("beta1", beta1, {.help = "decay of the mean of gradients", .min = 0, .max = 1});
    v.field("beta2", beta2, {.help = "decay of the mean of squared gradients", .min = 0, .max = 1});
    v.field("epsilon", epsilon,
            {.help = "added to the root of the second moment (Keras' form)", .min = 0});
  }
};

/// ReduceLROnPlateau on the validation loss.
struct PlateauConfig {
  bool enabled = true;
  double factor = 0.5;
  int patience = 3;
  double min_delta = 1e-4;
  double min_learning_rate = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("enabled", enabled,
            {.help = "lower the learning rate when the validation loss stalls"});
    v.field("factor", factor, {.help = "new rate = old rate * factor", .min = 0, .max = 1});
    v.field("patience", patience,
            {.help = "epochs without improvement", .unit = "epochs", .min = 1});
    v.field("min_delta", min_delta, {.help = "smallest fall of the loss that counts", .min = 0});
    v.field("min_learning_rate", min_learning_rate, {.help = "floor", .min = 0});
  }
};

/// EarlyStopping on the validation loss; the best epoch's weights are restored at the end.
struct EarlyStoppingConfig {
  bool enabled = true;
  int patience = 5;
  double min_delta = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("enabled", enabled, {.help = "stop when the validation loss stalls"});
    v.field("patience", patience,
            {.help = "epochs without improvement", .unit = "epochs", .min = 1});
    v.field("min_delta", min_delta, {.help = "smallest fall of the loss that counts", .min = 0});
  }
};

}  // namespace parlando::train
