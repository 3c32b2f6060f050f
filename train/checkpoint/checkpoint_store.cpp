#include "train/checkpoint/checkpoint_store.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <system_error>
#include <tuple>
#include <utility>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/checksum.h"
#include "train/checkpoint/safetensors.h"

namespace parlando::train {
namespace {

using namespace checkpoint_files;

struct Folder {
  std::int64_t epoch = 0, step = 0, start = 0;
  std::filesystem::path path;

  auto key() const { return std::tuple(epoch, step, start); }
};

std::string folder_name(std::int64_t epoch, std::int64_t step, std::int64_t start) {
  return fmt::format("epoch-{:04}-step-{:06}-start-{:04}", epoch, step, start);
}

std::optional<std::int64_t> to_number(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

/// nullopt if the name is none of a checkpoint's.
std::optional<Folder> parse(const std::filesystem::path& path) {
  const std::vector<std::string> parts = split_text(path.filename().string(), '-');
  if (parts.size() != 6 || parts[0] != "epoch" || parts[2] != "step" || parts[4] != "start")
    return std::nullopt;
  const auto epoch = to_number(parts[1]), step = to_number(parts[3]), start = to_number(parts[5]);
  if (!epoch || !step || !start) return std::nullopt;
  return Folder{.epoch = *epoch, .step = *step, .start = *start, .path = path};
}

/// Complete checkpoints, newest first.
std::vector<Folder> complete_checkpoints(const std::filesystem::path& folder) {
  std::vector<Folder> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::optional<Folder> checkpoint = parse(entry.path());
    if (checkpoint && std::filesystem::exists(entry.path() / kDone)) found.push_back(*checkpoint);
  }
  std::ranges::sort(found, std::greater<>(), &Folder::key);
  return found;
}

/// DONE goes first: what is left of an interrupted removal is no checkpoint.
void remove_checkpoint(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove(path / kDone, ignored);
  std::filesystem::remove_all(path, ignored);
}

}  // namespace

CheckpointStore::CheckpointStore(std::filesystem::path folder, CheckpointConfig config,
                                 Json identity, const RunFence& fence, dist::Watchdog& watchdog)
    : folder_(std::move(folder)),
      config_(config),
      identity_(std::move(identity)),
      fence_(fence),
      watchdog_(watchdog) {}

void CheckpointStore::write(const Checkpoint& checkpoint) const {
  const std::filesystem::path target =
      folder_ / folder_name(checkpoint.epoch, checkpoint.step, fence_.start());
  // This start wrote it, so it holds the same.
  if (std::filesystem::exists(target / kDone)) return;
  const std::filesystem::path temporary = temporary_name(target);
  {
    const auto operation = watchdog_.enter("writing a checkpoint's tensors");
    make_folder(folder_);
    remove_checkpoint(temporary);
    write_safetensors(temporary / kTensors, checkpoint.tensors, {});
  }
  {
    const auto operation = watchdog_.enter("writing a checkpoint's state");
    write_json(temporary / kState, {{"format", "parlando-checkpoint"},
                                    {"version", kVersion},
                                    {"epoch", checkpoint.epoch},
                                    {"step", checkpoint.step},
                                    {"best_epoch", checkpoint.best_epoch},
                                    {"world_size", checkpoint.world_size},
                                    {"start", fence_.start()},
                                    {"identity", identity_},
                                    {"state", checkpoint.state}});
  }
  {
    const auto operation = watchdog_.enter("completing a checkpoint");
    write_json(temporary / kDone, {{kTensors, hash_file(temporary / kTensors)},
                                   {kState, hash_file(temporary / kState)}});
  }
  {
    const auto operation = watchdog_.enter("publishing a checkpoint");
    fence_.check();
    remove_checkpoint(target);
    rename_durably(temporary, target);
    try {
      fence_.check();
    } catch (const Error&) {
      // Taken over between check and rename: the later start must not find it.
      remove_checkpoint(target);
      throw;
    }
  }
  const auto operation = watchdog_.enter("removing old checkpoints");
  remove_old(checkpoint.best_epoch);
}

void CheckpointStore::remove_old(std::int64_t best_epoch) const {
  std::size_t newest = 0;
  bool best_kept = !config_.keep_best;
  for (const Folder& checkpoint : complete_checkpoints(folder_)) {
    const bool best = !best_kept && checkpoint.epoch == best_epoch && checkpoint.step == 0;
    best_kept = best_kept || best;
    const bool keep = newest++ < static_cast<std::size_t>(config_.keep) || best;
    if (!keep) remove_checkpoint(checkpoint.path);
  }
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const bool temporary =
        entry.path().filename().string().find(kTemporaryMark) != std::string::npos;
    if (temporary && is_abandoned_temporary(entry.path())) remove_checkpoint(entry.path());
  }
}

std::optional<Checkpoint> CheckpointStore::read_newest() const {
  for (const Folder& folder : complete_checkpoints(folder_)) {
    std::optional<Checkpoint> checkpoint;
    try {
      checkpoint = read_checkpoint(folder.path);
    } catch (const Error& error) {
      log_warning("{}; falling back to the checkpoint before it", error.what());
      continue;
    }
    require_identity(folder.path);
    return checkpoint;
  }
  return std::nullopt;
}

void CheckpointStore::require_identity(const std::filesystem::path& path) const {
  const Json document = read_json(path / kState);
  const Json identity = json_get<Json>(document, "identity", (path / kState).string());
  for (const auto& [key, value] : identity_.items()) {
    if (identity.value(key, Json()) == value) continue;
    fail(
        ErrorKind::artefact,
        "{}: a checkpoint with another {} than this run's; give the configuration and dataset that "
        "it was made with, or another --run folder",
        path.string(), key);
  }
}

}  // namespace parlando::train
