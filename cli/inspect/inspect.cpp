#include "cli/inspect/inspect.h"

#include <algorithm>

#include "cli/inspect/describe.h"

namespace parlando::inspect {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKnown =
    "It reads corpus manifests, splits, finished and unfinished datasets, their shards, runs, "
    "models, checkpoints, "
    "results, .safetensors, .npy and configurations";

bool holds_audio(const fs::path& folder) {
  const auto options = fs::directory_options::skip_permission_denied;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, options)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".wav" || ending == ".flac") return true;
  }
  return false;
}

[[noreturn]] void fail_unknown(const fs::path& path, const std::string& why) {
  fail(ErrorKind::artefact, "{}: {}. {}", path.string(), why, kKnown);
}

Json described(const fs::path& path, const std::string& kind, const Json& members) {
  Json result{{"kind", kind}, {"path", path.string()}};
  result.update(members);
  return result;
}

Json inspect_folder(const fs::path& folder) {
  const auto has = [&](const char* file) { return fs::exists(folder / file); };
  if (has("manifest.json")) return described(folder, "dataset", describe_dataset(folder));
  const std::vector<fs::path> journals = dataset_journals(folder);
  if (!journals.empty()) {
    return described(folder, "unfinished dataset", describe_unfinished(journals));
  }
  if (has("model.json")) return described(folder, "model", describe_model(folder));
  if (has("state.json")) return described(folder, "checkpoint", describe_checkpoint(folder));
  if (has("config.yaml") || has("result.json") || has("metrics.jsonl")) {
    return described(folder, "run", describe_run(folder));
  }
  if (!checkpoint_folders(folder).empty()) {
    return described(folder, "checkpoints", describe_checkpoints(folder));
  }
  if (fs::is_empty(folder)) fail_unknown(folder, "the folder is empty");
  if (holds_audio(folder)) {
    fail_unknown(folder,
                 "a folder of audio; 'parlando scan " + folder.string() + "' says what is in it");
  }
  fail_unknown(folder, "no artefact of parlando");
}

Json inspect_file(const fs::path& file, const std::optional<NetworkInput>& input) {
  const std::string ending = file.extension().string();
  if (ending == ".h5") return described(file, "dataset shard", describe_shard(file));
  if (ending == ".safetensors") return described(file, "tensors", describe_tensors(file));
  if (ending == ".npy") return described(file, "array", describe_array(file));
  if (ending == ".yaml" || ending == ".yml") {
    return described(file, "configuration", describe_configuration(file, input));
  }
  if (ending == ".json" || ending == ".jsonl") {
    const Json members = ending == ".json" ? describe_json_file(file) : describe_lines_file(file);
    if (members.is_null()) fail_unknown(file, "JSON, but no artefact of parlando");
    return described(file, members.at("kind"), members);
  }
  if (ending == ".wav" || ending == ".flac") {
    fail_unknown(file, "an audio clip; 'parlando scan' on its folder says what is in it");
  }
  fail_unknown(file, "no artefact of parlando");
}

}  // namespace

Json inspect_path(const fs::path& path, const std::optional<NetworkInput>& input) {
  if (!fs::exists(path)) fail(ErrorKind::artefact, "{}: no such file or folder", path.string());
  return fs::is_directory(path) ? inspect_folder(path) : inspect_file(path, input);
}

}  // namespace parlando::inspect
