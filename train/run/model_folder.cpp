#include "train/run/model_folder.h"

#include "common/audio/feature_extractor.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/version.h"
#include "common/io/atomic_file.h"
#include "train/checkpoint/safetensors.h"

namespace parlando::train {
namespace {

constexpr int kVersion = 2;
constexpr const char* kTensors = "model.safetensors";
constexpr const char* kDescription = "model.json";
constexpr const char* kMean = "normalization.mean";
constexpr const char* kDeviation = "normalization.deviation";

at::Tensor to_tensor(const std::vector<float>& values, const Normalization& normalization) {
  return torch::tensor(values).view({static_cast<std::int64_t>(normalization.frames),
                                     static_cast<std::int64_t>(normalization.rows)});
}

std::vector<float> to_vector(const at::Tensor& tensor) {
  const at::Tensor contiguous = tensor.to(at::kFloat).contiguous();
  const float* data = contiguous.const_data_ptr<float>();
  return {data, data + contiguous.numel()};
}

void load_into(std::vector<NamedTensor>& targets, const SafetensorsFile& file) {
  for (NamedTensor& target : targets) {
    const at::Tensor& stored = file.at(target.name);
    if (stored.sizes() != target.tensor.sizes()) {
      fail(ErrorKind::artefact,
           "{}: tensor '{}' has another shape than model.json says; train again", file.source,
           target.name);
    }
    const at::NoGradGuard guard;
    target.tensor.copy_(stored);
  }
}

}  // namespace

void write_model_folder(const std::filesystem::path& folder, const ModelFolder& description,
                        const Classifier& model) {
  std::vector<NamedTensor> tensors = model.parameters();
  tensors.insert(tensors.end(), model.buffers().begin(), model.buffers().end());
  tensors.push_back({kMean, to_tensor(description.normalization.mean, description.normalization)});
  tensors.push_back(
      {kDeviation, to_tensor(description.normalization.deviation, description.normalization)});
  write_safetensors(folder / kTensors, tensors,
                    {{"format", "parlando-model"}, {"name", description.name}});
  const ParameterCount count = model.count();
  write_json(
      folder / kDescription,
      {{"format", "parlando-model"},
       {"version", kVersion},
       {"name", description.name},
       {"classes", description.classes},
       {"input",
        {{"frames", description.input.frames},
         {"rows", description.input.rows},
         {"row_names", description.row_names},
         {"layout",
          "time-major [frames, rows]; cropped or zero-padded at the end after normalisation"}}},
       {"normalization",
        {{"tensors", {kMean, kDeviation}}, {"epsilon", description.normalization.epsilon}}},
       {"network", dump_config(description.model)},
       {"recipe", description.recipe},
       {"numerics_version", audio::kFeatureNumericsVersion},
       {"parameters",
        {{"trainable", count.trainable}, {"total", count.total}, {"keras_total", count.total}}},
       {"data_hash", description.data_hash},
       {"written_by", "parlando " + version()}});
}

LoadedModel read_model_folder(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kDescription;
  if (!std::filesystem::exists(path)) {
    fail(ErrorKind::artefact, "{}: no model here; give a run folder whose training has finished",
         path.string());
  }
  const Json json = read_json(path);
  const std::string source = path.string();
  if (json_get<int>(json, "version", source) != kVersion ||
      json_get<int>(json, "numerics_version", source) != audio::kFeatureNumericsVersion) {
    fail(ErrorKind::artefact,
         "{}: written by another version of parlando; train again or use that version", source);
  }
  const Json input = json_get<Json>(json, "input", source);
  ModelFolder description{
      .name = json_get<std::string>(json, "name", source),
      .classes = json_get<std::vector<std::string>>(json, "classes", source),
      .recipe = json_get<std::string>(json, "recipe", source),
      .row_names = json_get<std::vector<std::string>>(input, "row_names", source),
      .input = {.frames = json_get<std::int64_t>(input, "frames", source),
                .rows = json_get<std::int64_t>(input, "rows", source)},
      .model = parse_config<ModelConfig>(json_get<std::string>(json, "network", source), source),
      .normalization = {},
      .data_hash = json_get<std::string>(json, "data_hash", source)};
  const SafetensorsFile file = read_safetensors(folder / kTensors);
  Classifier model(description.model, description.input,
                   static_cast<std::int64_t>(description.classes.size()), 0);
  const at::ScalarType type = file.at(model.parameters().front().name).scalar_type();
  model.to(type, at::kCPU);
  load_into(model.parameters(), file);
  load_into(model.buffers(), file);
  description.normalization = {
      .frames = static_cast<std::size_t>(description.input.frames),
      .rows = static_cast<std::size_t>(description.input.rows),
      .mean = to_vector(file.at(kMean)),
      .deviation = to_vector(file.at(kDeviation)),
      .epsilon =
          json_get<double>(json_get<Json>(json, "normalization", source), "epsilon", source)};
  return {std::move(description), std::move(model)};
}

}  // namespace parlando::train
