#pragma once

#include <string>
#include <vector>

#include "train/optim/plateau.h"

namespace parlando::train {

/// Cosine annealing with warm restarts (Loshchilov & Hutter, "SGDR", 2017).
struct CosineConfig {
  double period_epochs = 0;
  double period_factor = 1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("period_epochs", period_epochs,
            {.help = "length of the first period; 0 = all epochs after the warm-up, no restart",
             .unit = "epochs",
             .min = 0});
    v.field("period_factor", period_factor,
            {.help = "each period is so many times as long as the one before", .min = 1});
  }
};

struct StepDecayConfig {
  int every_epochs = 10;
  std::vector<int> at_epochs{};
  double factor = 0.1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("every_epochs", every_epochs,
            {.help = "the rate falls after each so many epochs", .unit = "epochs", .min = 1});
    v.field("at_epochs", at_epochs,
            {.help = "or after these many epochs, instead", .unit = "epochs", .min = 1});
    v.field("factor", factor, {.help = "new rate = old rate * factor", .min = 0, .max = 1});
  }
};

/// Smith & Topin, "Super-convergence", 2018.
struct OneCycleConfig {
  double rise = 0.3;
  std::string anneal = "cosine";
  double start_divisor = 25;
  double end_divisor = 1e4;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("rise", rise,
            {.help = "share of all steps in which the rate rises", .min = 0, .max = 1});
    v.field("anneal", anneal, {.help = "form of rise and fall", .choices = {"cosine", "linear"}});
    v.field("start_divisor", start_divisor,
            {.help = "the first rate is the highest one divided by this", .min = 1});
    v.field("end_divisor", end_divisor,
            {.help = "the last rate is the first one divided by this", .min = 1});
  }
};

/// How the learning rate goes over the training.
struct ScheduleConfig {
  std::string kind = "plateau";
  double min_learning_rate = 0;
  double warmup_epochs = 0;
  double warmup_start = 0.1;
  PlateauConfig plateau;
  CosineConfig cosine;
  StepDecayConfig step;
  OneCycleConfig one_cycle;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("kind", kind,
            {.help = "which schedule",
             .choices = {"constant", "plateau", "cosine", "step", "one-cycle"}});
    v.field("min_learning_rate", min_learning_rate,
            {.help = "floor of plateau and cosine", .min = 0});
    v.field("warmup_epochs", warmup_epochs,
            {.help = "the rate rises in a straight line at first", .unit = "epochs", .min = 0});
    v.field("warmup_start", warmup_start,
            {.help = "share of the rate that the warm-up starts with", .min = 0, .max = 1});
    v.field("plateau", plateau, {.help = "lowers the rate when a validation figure stalls"});
    v.field("cosine", cosine, {.help = "half a cosine wave, perhaps again and again"});
    v.field("step", step, {.help = "lowers the rate after fixed epochs"});
    v.field("one_cycle", one_cycle, {.help = "one rise and one fall"});
  }
  void validate() const;
};

}  // namespace parlando::train
