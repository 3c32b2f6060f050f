#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/inspect/inspect.h"
#include "common/io/json.h"

namespace parlando::inspect {

/// Each describes one kind of file or folder as the members that follow "kind" and "path". All
/// throw Error(artefact) for a damaged one.
Json describe_corpus(const std::filesystem::path& file);
Json describe_split(const Json& split, const std::string& source);
Json describe_dataset(const std::filesystem::path& folder);
/// A dataset that is being made: `journals` are those of its workers (partial*.jsonl).
Json describe_unfinished(const std::vector<std::filesystem::path>& journals);
/// The journals in a folder, by name.
std::vector<std::filesystem::path> dataset_journals(const std::filesystem::path& folder);
Json describe_shard(const std::filesystem::path& file);
Json describe_run(const std::filesystem::path& folder);
Json describe_model(const std::filesystem::path& folder);
Json describe_checkpoint(const std::filesystem::path& folder);
Json describe_checkpoints(const std::filesystem::path& folder);
Json describe_tensors(const std::filesystem::path& file);
Json describe_array(const std::filesystem::path& file);
/// With an input, the network of a training configuration too.
Json describe_configuration(const std::filesystem::path& file,
                            const std::optional<NetworkInput>& input);
/// Parts, shapes and number of parameters of the network that `model` (YAML) makes for an input.
/// Throws Error(usage) naming `source` and key.
Json describe_network(const std::string& model, const std::string& source, NetworkInput input);

/// A .json file by its content; null if it is none of ours.
Json describe_json_file(const std::filesystem::path& file);
/// A .jsonl file by its first line; null if it is none of ours.
Json describe_lines_file(const std::filesystem::path& file);

/// Folders in `folder` that hold a checkpoint, oldest first.
std::vector<std::filesystem::path> checkpoint_folders(const std::filesystem::path& folder);

}  // namespace parlando::inspect
