#pragma once

#include <filesystem>

#include "common/io/json.h"

namespace parlando::inspect {

/// What a file or folder is and what is in it: {"kind", "path", ...}. The kinds: corpus manifest,
/// split, dataset, dataset shard, run, model, checkpoint, checkpoints, result, predictions, epochs,
/// test reads, environment, tensors, array, configuration. Throws Error(artefact) if it is none of
/// them or damaged, saying what to do.
Json inspect_path(const std::filesystem::path& path);

}  // namespace parlando::inspect
