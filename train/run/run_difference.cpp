#include "train/run/run_difference.h"

#include <algorithm>
#include <vector>

#include "common/config/difference.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"

namespace parlando::train {
namespace {

constexpr std::size_t kKeysShown = 8;
constexpr const char* kSplitPrefix = "split.";

std::string join_changes(const std::vector<ConfigChange>& changes) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < std::min(changes.size(), kKeysShown); ++i) {
    parts.push_back(fmt::format("{} is {} there and {} here", changes[i].key, changes[i].before,
                                changes[i].after));
  }
  if (changes.size() > kKeysShown)
    parts.push_back(fmt::format("{} other keys differ", changes.size() - kKeysShown));
  return join_text(parts, ", ");
}

/// `with_split`: with the keys that only choose the split; split.json tells a difference better.
std::string configuration_difference(const std::filesystem::path& folder, const TrainConfig& here,
                                     bool with_split) {
  const std::filesystem::path file = folder / run_files::kConfig;
  std::vector<ConfigChange> changes;
  try {
    const auto there = parse_train_config(read_file(file), file.string());
    changes = config_changes(there.relevant(), here.relevant());
  } catch (const Error&) {  // of a version with other keys
    return fmt::format("compare {}", file.string());
  }
  std::erase_if(changes, [&](const ConfigChange& change) {
    return !with_split && change.key.starts_with(kSplitPrefix);
  });
  return join_changes(changes);
}

std::string split_difference(const std::filesystem::path& folder, const data::Split& here) {
  const Json there = read_json(folder / run_files::kSplit), wanted = data::split_to_json(here);
  std::vector<ConfigChange> changes;
  for (const auto& [key, value] : wanted.items()) {
    const bool clips = value.is_array() &&
                       (key == "train" || key == "validation" || key == "test" || key == "dropped");
    if (clips || key == "hash" || key == "version") continue;
    const Json before = there.value(key, Json());
    if (before != value) changes.push_back({kSplitPrefix + key, before.dump(), value.dump()});
  }
  if (changes.empty()) return "the same settings, other clips";
  return join_changes(changes);
}

std::string dataset_difference(const std::filesystem::path& folder, const RunIdentity& there,
                               const RunRequest& here) {
  const Json environment = read_json(folder / run_files::kEnvironment);
  return fmt::format("{} ({}) there and {} ({}) here", there.data_hash,
                     environment.value("data", "of an unknown folder"), here.identity.data_hash,
                     std::filesystem::absolute(here.data_folder).string());
}

}  // namespace

std::string describe_difference(const std::filesystem::path& folder, const RunIdentity& there,
                                const RunRequest& here) {
  std::vector<std::string> parts;
  const auto add = [&](const char* what, const std::string& difference) {
    if (!difference.empty()) parts.push_back(fmt::format("{}: {}", what, difference));
  };
  const bool same_split = there.split_hash == here.identity.split_hash;
  if (there.config_hash != here.identity.config_hash)
    add("configuration", configuration_difference(folder, here.config, same_split));
  if (there.data_hash != here.identity.data_hash)
    add("dataset", dataset_difference(folder, there, here));
  if (!same_split) add("split", split_difference(folder, here.split));
  return join_text(parts, "; ");
}

}  // namespace parlando::train
