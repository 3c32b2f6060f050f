#pragma once

#include <string>
#include <vector>

#include "experiments/sweep/space/sweep_config.h"
#include "experiments/sweep/space/trial.h"

namespace parlando::sweep {

/// The effective preprocess configuration of a sweep that makes its datasets; "" for others.
std::string effective_preprocess(const SweepConfig& config);

/// Reads the configuration of every trial as training and preprocess will, and gives trials of a
/// sweep that makes its datasets the hash of theirs. Throws Error(usage) naming trial and key for
/// one that would be refused, and for keys that a sweep cannot vary.
void check_trials(const SweepConfig& config, std::vector<Trial>& trials);

}  // namespace parlando::sweep
