#include "train/checkpoint/checkpoint.h"

#include <algorithm>
#include <system_error>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/io/atomic_file.h"
#include "common/io/checksum.h"
#include "train/checkpoint/safetensors.h"

namespace parlando::train {
namespace {

constexpr const char* kTensors = "state.safetensors";
constexpr const char* kState = "state.json";
constexpr const char* kDone = "DONE";
constexpr const char* kPrefix = "epoch-";
constexpr int kVersion = 1;

/// Complete checkpoints, newest first; the names sort by time.
std::vector<std::filesystem::path> complete_checkpoints(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kPrefix) && name.find(".tmp-") == std::string::npos &&
        std::filesystem::exists(entry.path() / kDone)) {
      found.push_back(entry.path());
    }
  }
  std::ranges::sort(found, std::greater<>());
  return found;
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  const Json document = read_json(path / kState);
  const std::string source = (path / kState).string();
  if (json_get<int>(document, "version", source) != kVersion) {
    fail(ErrorKind::artefact, "{}: written by another version", source);
  }
  if (hash_file(path / kTensors) != json_get<std::string>(document, "checksum", source)) {
    fail(ErrorKind::artefact, "{}: checksum differs; the file is damaged",
         (path / kTensors).string());
  }
  return {.epoch = json_get<std::int64_t>(document, "epoch", source),
          .step = json_get<std::int64_t>(document, "step", source),
          .tensors = read_safetensors(path / kTensors).tensors,
          .state = json_get<Json>(document, "state", source)};
}

void remove_quietly(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

}  // namespace

void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint,
                      std::size_t keep) {
  make_folder(folder);
  const std::filesystem::path target =
      folder / fmt::format("{}{:04}-step-{:06}", kPrefix, checkpoint.epoch, checkpoint.step);
  const std::filesystem::path temporary = temporary_name(target);
  remove_quietly(temporary);
  write_safetensors(temporary / kTensors, checkpoint.tensors, {});
  write_json(temporary / kState, {{"format", "parlando-checkpoint"},
                                  {"version", kVersion},
                                  {"epoch", checkpoint.epoch},
                                  {"step", checkpoint.step},
                                  {"checksum", hash_file(temporary / kTensors)},
                                  {"state", checkpoint.state}});
  write_file_atomically(temporary / kDone, "");
  remove_quietly(target);
  rename_durably(temporary, target);
  const std::vector<std::filesystem::path> complete = complete_checkpoints(folder);
  for (std::size_t i = keep; i < complete.size(); ++i) remove_quietly(complete[i]);
}

std::optional<Checkpoint> read_newest_checkpoint(const std::filesystem::path& folder) {
  for (const std::filesystem::path& path : complete_checkpoints(folder)) {
    try {
      return read_checkpoint(path);
    } catch (const Error& error) {
      log_warning("{}; falling back to the checkpoint before it", error.what());
    }
  }
  return std::nullopt;
}

}  // namespace parlando::train
