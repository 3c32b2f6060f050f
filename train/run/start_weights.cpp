#include "train/run/start_weights.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <vector>

#include "common/core/error.h"
#include "common/io/json.h"
#include "train/checkpoint/checkpoint.h"
#include "train/checkpoint/safetensors.h"
#include "train/run/run_folder.h"
#include "train/run/training_state.h"

namespace parlando::train {
namespace {

namespace fs = std::filesystem;
using Tensors = std::map<std::string, at::Tensor>;

bool begins_with_any(const std::string& name, const std::vector<std::string>& prefixes) {
  return std::ranges::any_of(prefixes,
                             [&](const std::string& prefix) { return name.starts_with(prefix); });
}

/// Cuts a checkpoint's flat parameters into the tensors that its layout names.
Tensors read_checkpoint_tensors(const fs::path& folder) {
  const Checkpoint checkpoint = read_checkpoint(folder);
  const std::string source = (folder / checkpoint_files::kState).string();
  Tensors tensors;
  for (const NamedTensor& entry : checkpoint.tensors) tensors.emplace(entry.name, entry.tensor);
  if (!tensors.contains("parameters")) {
    fail(ErrorKind::artefact, "{}: the checkpoint holds no parameters", folder.string());
  }
  const at::Tensor flat = tensors.at("parameters");
  std::int64_t offset = 0;
  for (const Json& entry : json_get<std::vector<Json>>(checkpoint.state, kLayout, source)) {
    const auto shape = json_get<std::vector<std::int64_t>>(entry, "shape", source);
    const std::int64_t elements = c10::multiply_integers(shape);
    if (elements < 0 || offset + elements > flat.numel()) {
      fail(ErrorKind::artefact, "{}: its layout names more than its parameters; damaged", source);
    }
    tensors.insert_or_assign(json_get<std::string>(entry, "name", source),
                             flat.narrow(0, offset, elements).view(shape));
    offset += elements;
  }
  return tensors;
}

Tensors read_tensors(const fs::path& folder) {
  if (fs::exists(folder / checkpoint_files::kState)) return read_checkpoint_tensors(folder);
  const fs::path model =
      fs::exists(folder / run_files::kModel) ? folder / run_files::kModel : folder;
  const fs::path file = model / "model.safetensors";
  if (!fs::exists(file)) {
    fail(ErrorKind::usage,
         "start.from: {}: no finished run, model or checkpoint is there; a run that has not "
         "finished has checkpoints/epoch-...",
         folder.string());
  }
  Tensors tensors;
  for (const NamedTensor& entry : read_safetensors(file).tensors) {
    tensors.emplace(entry.name, entry.tensor);
  }
  return tensors;
}

void copy_weights(const Tensors& source, const StartConfig& config, Classifier& model) {
  const at::NoGradGuard guard;
  std::size_t copied = 0;
  for (std::vector<NamedTensor>* group : {&model.parameters(), &model.buffers()}) {
    for (NamedTensor& target : *group) {
      if (begins_with_any(target.name, config.skip)) continue;
      const auto found = source.find(target.name);
      if (found == source.end()) {
        fail(ErrorKind::usage,
             "start.from: {} has no tensor '{}'; leave it out with start.skip, or train a network "
             "of the same parts",
             config.from, target.name);
      }
      if (found->second.sizes() != target.tensor.sizes()) {
        fail(ErrorKind::usage,
             "start.from: '{}' is [{}] in {} and [{}] in this network; leave it out with "
             "start.skip, or give both the same model and input",
             target.name, fmt::join(found->second.sizes(), ", "), config.from,
             fmt::join(target.tensor.sizes(), ", "));
      }
      target.tensor.copy_(found->second);
      ++copied;
    }
  }
  if (copied == 0) {
    fail(ErrorKind::usage, "start.skip leaves nothing to take from {}", config.from);
  }
}

}  // namespace

void apply_start(const StartConfig& config, Classifier& model) {
  if (!config.from.empty()) copy_weights(read_tensors(config.from), config, model);
  model.freeze(config.freeze);
}

}  // namespace parlando::train
