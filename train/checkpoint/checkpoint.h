#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/io/json.h"
#include "train/model/classifier.h"

namespace parlando::train {

/// Everything that a run needs to go on as if it had never stopped. Order of data, dropout and
/// variants are functions of (seed, epoch, position), so no generator's state is among it.
struct Checkpoint {
  std::int64_t epoch = 0;  ///< epochs completed
  std::int64_t step = 0;   ///< steps completed of the epoch after those
  std::vector<NamedTensor> tensors;
  Json state;  ///< learning rate, optimiser steps, schedule, sums of the running epoch
};

/// checkpoints/epoch-0003-step-000120/ {state.safetensors, state.json, DONE}: written under a
/// temporary name, flushed, renamed. Keeps the newest `keep` ones. Throws Error(artefact).
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint,
                      std::size_t keep);

/// The newest complete checkpoint; a damaged one is named in a warning and the one before it is
/// taken. nullopt if there is none.
std::optional<Checkpoint> read_newest_checkpoint(const std::filesystem::path& folder);

}  // namespace parlando::train
