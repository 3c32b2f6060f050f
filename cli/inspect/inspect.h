#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/io/json.h"

namespace parlando::inspect {

/// Features and classes that a network is shown for.
struct NetworkInput {
  std::int64_t frames = 0;
  std::int64_t rows = 0;
  std::int64_t classes = 8;
};

/// "248x121": frames and rows. Throws Error(usage).
NetworkInput network_input(const std::string& text, std::int64_t classes);

/// What a file or folder is and what is in it: {"kind", "path", ...}. The kinds: corpus manifest,
/// split, dataset, dataset shard, run, model, checkpoint, checkpoints, result, predictions, epochs,
/// test reads, environment, tensors, array, configuration. Throws Error(artefact) if it is none of
/// them or damaged, saying what to do. `input`: shows the network of a training configuration for
/// it.
Json inspect_path(const std::filesystem::path& path,
                  const std::optional<NetworkInput>& input = std::nullopt);

}  // namespace parlando::inspect
