#pragma once

#include <string>

namespace parlando::train {

/// The optimiser. `form` chooses between the two conventions that differ in figures: where epsilon
/// stands in Adam, whether the rate is part of SGD's momentum, what weight decay does, and what is
/// added to the norm when gradients are clipped (docs/training.md).
struct OptimizerConfig {
  std::string kind = "adam";
  std::string form = "keras";
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;
  double clip_value = 0;
  double clip_norm = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("kind", kind, {.help = "which optimiser", .choices = {"adam", "adamw", "sgd"}});
    v.field("form", form, {.help = "whose conventions", .choices = {"keras", "torch"}});
    v.field("learning_rate", learning_rate,
            {.help = "step size; the highest one under one-cycle", .min = 0});
    v.field("beta1", beta1, {.help = "Adam: decay of the mean of gradients", .min = 0, .max = 1});
    v.field("beta2", beta2,
            {.help = "Adam: decay of the mean of squared gradients", .min = 0, .max = 1});
    v.field("epsilon", epsilon, {.help = "Adam: added to the root of the second moment", .min = 0});
    v.field("momentum", momentum, {.help = "SGD: share of the last step kept", .min = 0, .max = 1});
    v.field("nesterov", nesterov, {.help = "SGD: look ahead along the momentum"});
    v.field("weight_decay", weight_decay,
            {.help = "shrinks weights by rate * this a step; added to the gradient by the torch "
                     "form of adam and sgd",
             .min = 0});
    v.field("clip_value", clip_value,
            {.help = "bound on the size of each gradient; 0 = none", .min = 0});
    v.field("clip_norm", clip_norm,
            {.help = "bound on the norm of all gradients together; 0 = none", .min = 0});
  }
  void validate() const;
};

}  // namespace parlando::train
