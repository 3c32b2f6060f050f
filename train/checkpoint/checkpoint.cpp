#include "train/checkpoint/checkpoint.h"

#include "common/core/error.h"
#include "common/io/checksum.h"
#include "train/checkpoint/safetensors.h"

namespace parlando::train {
namespace {

void require_sums(const std::filesystem::path& path) {
  const std::filesystem::path done = path / checkpoint_files::kDone;
  const Json sums = read_json(done);
  for (const char* name : {checkpoint_files::kTensors, checkpoint_files::kState}) {
    if (hash_file(path / name) != json_get<std::string>(sums, name, done.string())) {
      fail(ErrorKind::artefact, "{}: checksum differs; the file is damaged",
           (path / name).string());
    }
  }
}

}  // namespace

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  require_sums(path);
  const std::filesystem::path file = path / checkpoint_files::kState;
  const Json document = read_json(file);
  const std::string source = file.string();
  if (json_get<int>(document, "version", source) != checkpoint_files::kVersion) {
    fail(ErrorKind::artefact, "{}: written by another version", source);
  }
  return {.epoch = json_get<std::int64_t>(document, "epoch", source),
          .step = json_get<std::int64_t>(document, "step", source),
          .best_epoch = json_get<std::int64_t>(document, "best_epoch", source),
          .world_size = json_get<int>(document, "world_size", source),
          .tensors = read_safetensors(path / checkpoint_files::kTensors).tensors,
          .state = json_get<Json>(document, "state", source)};
}

}  // namespace parlando::train
