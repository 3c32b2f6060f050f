#pragma once

#include "train/model/classifier.h"
#include "train/run/start_config.h"

namespace parlando::train {

/// Copies the weights and moving statistics of another run into the network, by name, and freezes
/// parts. Throws Error(usage) if the source lacks a tensor or has one of another shape, or if the
/// network has nothing of a name to freeze, saying which and what to do; Error(artefact) for a
/// damaged file.
void apply_start(const StartConfig& config, Classifier& model);

}  // namespace parlando::train
