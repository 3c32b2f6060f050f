#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace parlando::test {

/// Makes a corpus; the default keeps one thread busy for about a second. Returns `folder`.
std::filesystem::path make_corpus(const std::filesystem::path& folder, int clips = 192);

/// parlando-preprocess with mel128, one thread and small shards.
std::vector<std::string> preprocess_command(const std::filesystem::path& corpus,
                                            const std::filesystem::path& dataset);

/// Shards that the journal of an unfinished dataset counts as durable.
int durable_shards(const std::filesystem::path& dataset);

/// Name -> content of the shards and the manifest.
std::map<std::string, std::string> dataset_files(const std::filesystem::path& dataset);

}  // namespace parlando::test
