#pragma once

#include "experiments/sweep/space/sweep_config.h"

namespace parlando::study {

/// What the runs of a study work on: no part of the study, for it changes no result.
struct MachineConfig {
  sweep::TrialConfig trial;
  sweep::SlurmConfig slurm;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("trial", trial, {.help = "what a run works on"});
    v.field("slurm", slurm, {.help = "how the array job is asked for"});
  }
};

}  // namespace parlando::study
