#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "common/io/json.h"
#include "train/model/classifier.h"

namespace parlando::train {

/// Everything that a run needs to go on as if it had never stopped. Order of data, dropout and
/// variants are functions of (seed, epoch, position), so no generator's state is among it.
struct Checkpoint {
  std::int64_t epoch = 0;       ///< epochs completed
  std::int64_t step = 0;        ///< steps completed of the epoch after those
  std::int64_t best_epoch = 0;  ///< from 1; 0 = none yet
  int world_size = 1;           ///< ranks that wrote it
  std::vector<NamedTensor> tensors{};
  Json state{};  ///< learning rate, optimiser steps, schedule, sums of the running epoch
};

/// The files of a checkpoint's folder.
namespace checkpoint_files {
inline constexpr int kVersion = 2;
inline constexpr const char* kTensors = "state.safetensors";
inline constexpr const char* kState = "state.json";
inline constexpr const char* kDone = "DONE";  ///< written last, with the sums of the other two
}  // namespace checkpoint_files

/// Reads a checkpoint's folder. Throws Error(artefact) if a file is missing or damaged.
Checkpoint read_checkpoint(const std::filesystem::path& path);

}  // namespace parlando::train
