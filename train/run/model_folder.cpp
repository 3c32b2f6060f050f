#include "train/run/model_folder.h"

#include <optional>
#include <utility>

#include "common/audio/feature_extractor.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/version.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
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

const at::Tensor& tensor_of(const SafetensorsFile& file, const std::string& name,
                            at::IntArrayRef shape) {
  const at::Tensor& tensor = file.at(name);
  if (tensor.sizes() != shape) {
    fail(ErrorKind::artefact, "{}: tensor '{}' has another shape than model.json says", file.source,
         name);
  }
  return tensor;
}

ModelDescription read_description(const Json& json, const std::string& source) {
  const Json input = json_get<Json>(json, "input", source);
  return {
      .name = json_get<std::string>(json, "name", source),
      .classes = json_get<std::vector<std::string>>(json, "classes", source),
      .recipe = json_get<std::string>(json, "recipe", source),
      .row_names = json_get<std::vector<std::string>>(input, "row_names", source),
      .input = {.frames = json_get<std::int64_t>(input, "frames", source),
                .rows = json_get<std::int64_t>(input, "rows", source)},
      .model = parse_config<ModelConfig>(json_get<std::string>(json, "network", source), source),
      .normalization = {},
      .data_hash = json_get<std::string>(json, "data_hash", source)};
}

Normalization read_normalization(const SafetensorsFile& file, InputShape input, double epsilon) {
  const std::vector<std::int64_t> shape{input.frames, input.rows};
  return {.frames = static_cast<std::size_t>(input.frames),
          .rows = static_cast<std::size_t>(input.rows),
          .mean = to_vector(tensor_of(file, kMean, shape)),
          .deviation = to_vector(tensor_of(file, kDeviation, shape)),
          .epsilon = epsilon};
}

LoadedModel read_model(const std::filesystem::path& folder) {
  const std::string source = (folder / kDescription).string();
  const Json json = read_json(folder / kDescription);
  const int format = json_get<int>(json, "version", source);
  const int numerics = json_get<int>(json, "numerics_version", source);
  if (format != kVersion || numerics != audio::kFeatureNumericsVersion) {
    fail(ErrorKind::artefact,
         "{}: has version {} and numerics {}, this program reads version {} and computes numerics "
         "{}",
         source, format, numerics, kVersion, audio::kFeatureNumericsVersion);
  }
  ModelDescription description = read_description(json, source);
  const SafetensorsFile file = read_safetensors(folder / kTensors);
  description.normalization = read_normalization(
      file, description.input,
      json_get<double>(json_get<Json>(json, "normalization", source), "epsilon", source));
  std::optional<at::ScalarType> type;  // the precision that it was trained in
  Classifier model(description.model, description.input,
                   static_cast<std::int64_t>(description.classes.size()),
                   [&](const ParameterPlan& parameter) {
                     const at::Tensor& tensor = tensor_of(file, parameter.name, parameter.shape);
                     if (!type) type = tensor.scalar_type();
                     return tensor.to(*type);
                   });
  return {std::move(description), std::move(model)};
}

}  // namespace

void write_model_folder(const std::filesystem::path& folder, const ModelDescription& description,
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
  try {
    return read_model(folder);
  } catch (const Error& error) {
    fail(ErrorKind::artefact,
         "{}; the model is damaged or of another version of parlando: copy it anew, train again or "
         "use that version",
         error.what());
  }
}

}  // namespace parlando::train
