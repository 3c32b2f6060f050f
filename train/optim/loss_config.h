#pragma once

#include <map>
#include <string>

namespace parlando::train {

/// What is minimised, and what each class counts.
struct LossConfig {
  std::string kind = "cross-entropy";
  double focal_gamma = 2;
  double label_smoothing = 0.1;
  std::string class_weights = "balanced";
  std::string class_counts = "original";
  std::map<std::string, double> class_weight_factors{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("kind", kind,
            {.help = "focal takes weight from samples that are right already",
             .choices = {"cross-entropy", "focal"}});
    v.field("focal_gamma", focal_gamma,
            {.help = "focal: power of (1 - probability)", .min = 0, .max = 10});
    v.field("label_smoothing", label_smoothing,
            {.help = "share of the target spread over all classes", .min = 0, .max = 0.99});
    v.field("class_weights", class_weights,
            {.help = "weight of each class's loss: n / (classes * count), or 1",
             .choices = {"balanced", "none"}});
    v.field("class_counts", class_counts,
            {.help = "what 'balanced' counts: samples before or after oversampling",
             .choices = {"original", "sampled"}});
    v.field("class_weight_factors", class_weight_factors,
            {.help = "class name: factor on its weight; with 'none' the weight itself", .min = 0});
  }
};

}  // namespace parlando::train
