#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "common/config/config.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "train/checkpoint/safetensors.h"
#include "train/model/classifier.h"
#include "train/model/dropout.h"
#include "train/optim/loss.h"
#include "train/run/train_config.h"

namespace parlando::train {
namespace {

/// Of the largest and the root mean square error of a tensor, relative to its largest value if that
/// is above 1.
struct Tolerance {
  double largest, mean;
};
// Float64 sums of up to 1e5 terms in another order.
constexpr Tolerance kFloat64Tolerance{1e-9, 1e-10};
// Against float64 PyTorch. Where two values of a max pool's window are equal to float32, another
// one of them may win, which moves single gradients of the first layers by more than the rounding.
constexpr Tolerance kFloat32Tolerance{5e-5, 1e-5};
constexpr double kLabelSmoothing = 0.1;

struct Case {
  ModelConfig model;
  InputShape shape;
  Lengths lengths;
  std::int64_t classes = 5;
};

std::map<std::string, Case> cases() {
  std::map<std::string, Case> list;
  const auto published = [&](const std::string& name, InputShape shape) {
    const auto file = test::source_path("configs/train/" + name + ".yaml").string();
    list[name] = {load_config<TrainConfig>({file}).model, shape, {shape.frames, shape.frames}, 8};
  };
  published("mel128", {128, 128});
  published("mfcc121", {248, 121});
  published("stack187", {130, 187});

  const auto network = [&](const std::string& name, const std::string& yaml, InputShape shape,
                           const Lengths& lengths) {
    list[name] = {parse_config<ModelConfig>(yaml, name), shape, lengths, 5};
  };
  const std::string one_dimensional = R"(
conv_dimensions: 1
conv:
  - {filters: 6, kernel: 5, padding: valid, pool: 1, dropout: 0.2}
  - {filters: 7, kernel: 4, padding: valid, pool: 2, norm: layer, activation: elu, dropout: 0.3,
     order: [norm, activation, dropout, pool]}
head: {dropout: 0.1, dense: [{units: 6, activation: gelu, dropout: 0.3}]}
)";
  const std::string two_dimensional = R"(
conv:
  - {filters: 3, kernel: 3, pool: 2, dropout: 0.25}
  - {filters: 4, kernel: 2, padding: valid, pool: 2, pool_kind: mean, activation: tanh,
     order: [norm, activation, pool, dropout]}
norm: {momentum: 0.9, epsilon: 1e-5, moving_variance: unbiased}
lstm: {hidden: 3, biases: 2}
)";
  const std::string stacked = R"(
conv: [{filters: 3, kernel: 3, pool: 2, norm: none, activation: gelu}]
lstm: {layers: 2, hidden: 3, bidirectional: false}
)";
  const std::string lstm = "lstm: {hidden: 4, dropout: 0.2, recurrent_dropout: 0.3}";
  const std::string pool = "\npooling: ";
  const Lengths whole{22, 22, 22}, own{22, 13, 9};
  const InputShape shape{22, 9};
  for (const bool mask : {false, true}) {
    const std::string suffix = mask ? "-masked" : "";
    const std::string key = mask ? "\nmask: true" : "";
    const Lengths& lengths = mask ? own : whole;
    network("conv1d" + suffix, one_dimensional + lstm + key, shape, lengths);
    network("conv1d-heads" + suffix,
            one_dimensional + lstm + pool + "{heads: 3, bias: shared}" + key, shape, lengths);
    network("conv2d" + suffix, two_dimensional + key, shape, lengths);
    network("conv2d-last" + suffix, two_dimensional + pool + "{kind: last}" + key, shape, lengths);
    network("stacked-last" + suffix, stacked + pool + "{kind: last}" + key, shape, lengths);
    network("stacked-mean" + suffix, stacked + pool + "{kind: mean}" + key, shape, lengths);
    network("stacked-max" + suffix, stacked + pool + "{kind: max}" + key, shape, lengths);
    network("lstm-alone" + suffix, "conv: []\nlstm: {hidden: 4}" + key, shape, lengths);
    network("conv-alone" + suffix, one_dimensional + "\nlstm: {layers: 0}" + key, shape, lengths);
    network("neither" + suffix, "conv: []\nlstm: {layers: 0}\npooling: {kind: mean}" + key, shape,
            lengths);
  }
  return list;
}

/// No weight is 0 and none is where it starts, so that every term of the gradients counts.
void draw_weights(Classifier& model) {
  const at::NoGradGuard guard;
  for (std::vector<NamedTensor>* group : {&model.parameters(), &model.buffers()}) {
    for (NamedTensor& entry : *group) {
      const double fan = entry.tensor.dim() > 1
                             ? static_cast<double>(entry.tensor.numel() / entry.tensor.size(0))
                             : 4.0;
      entry.tensor.copy_(at::randn(entry.tensor.sizes(), at::kDouble) / std::sqrt(fan));
      if (entry.name.ends_with("variance")) entry.tensor.abs_().add_(0.5);
    }
  }
}

Json to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    Json map = Json::object();
    for (const auto& entry : node) map[entry.first.Scalar()] = to_json(entry.second);
    return map;
  }
  if (node.IsSequence()) {
    Json list = Json::array();
    for (const YAML::Node& item : node) list.push_back(to_json(item));
    return list;
  }
  const std::string text = node.Scalar();
  return Json::accept(text) ? Json::parse(text) : Json(text);
}

/// The most elements that a dropout of the network has for one sample.
std::int64_t most_activations(const Case& c) {
  std::int64_t most = 4 * 4096;
  for (const ConvBlockConfig& block : c.model.conv) {
    const std::int64_t image =
        c.shape.frames * (c.model.conv_dimensions == 2 ? c.shape.rows : 1) * block.filters;
    most = std::max(most, image);
  }
  return most;
}

/// Runs the network forwards and backwards and writes what it was given and what it made of it.
void write_case(const std::filesystem::path& file, const Case& c, bool training,
                at::ScalarType type) {
  Classifier model(c.model, c.shape, c.classes, 1);
  draw_weights(model);
  model.to(type, at::kCPU);
  const auto batch = static_cast<std::int64_t>(c.lengths.size());
  at::Tensor features = at::randn({batch, c.shape.frames, c.shape.rows}, at::kDouble).to(type);
  features = zero_padding(features, c.lengths, 1).set_requires_grad(true);
  const at::Tensor labels = at::randint(c.classes, {batch}, at::kLong);
  std::vector<std::int64_t> positions(c.lengths.size());
  std::iota(positions.begin(), positions.end(), 7);
  const ForwardContext context{
      .training = training, .seed = 3, .epoch = 2, .positions = positions, .lengths = c.lengths};

  std::vector<NamedTensor> tensors{{"input/features", features.detach()},
                                   {"input/labels", labels},
                                   {"input/lengths", torch::tensor(c.lengths, at::kLong)}};
  for (const std::vector<NamedTensor>* group : {&model.parameters(), &model.buffers()}) {
    for (const NamedTensor& entry : *group)
      tensors.push_back({"weight/" + entry.name, entry.tensor.detach().clone()});
  }
  const at::Tensor logits = model.forward(features, context);
  const at::Tensor loss =
      sample_losses({.label_smoothing = kLabelSmoothing}, logits, {.labels = labels}, {}).mean();
  loss.backward();
  tensors.push_back({"result/logits", logits.detach()});
  tensors.push_back({"result/loss", loss.detach()});
  tensors.push_back({"result/gradient/features", features.grad()});
  for (const NamedTensor& entry : model.parameters())
    tensors.push_back({"result/gradient/" + entry.name, entry.tensor.grad()});
  if (training) {
    for (const NamedTensor& entry : model.buffers())
      tensors.push_back({"result/moved/" + entry.name, entry.tensor});
    const at::Tensor ones = at::ones({batch, most_activations(c)}, type);
    const auto add_factors = [&](int layer, double probability) {
      if (probability <= 0) return;
      tensors.push_back(
          {"dropout/" + std::to_string(layer), dropout(ones, probability, layer, context)});
    };
    int layer = 0;
    for (const ConvBlockConfig& block : c.model.conv) add_factors(layer++, block.dropout);
    for (int i = 0; i < Lstm::dropout_layers(c.model.lstm); i += 2) {
      add_factors(layer++, c.model.lstm.dropout);
      add_factors(layer++, c.model.lstm.recurrent_dropout);
    }
    add_factors(layer++, c.model.head.dropout);
    for (const DenseConfig& dense : c.model.head.dense) add_factors(layer++, dense.dropout);
  }
  const Json description{{"model", to_json(YAML::Load(dump_config(c.model)))},
                         {"training", training},
                         {"label_smoothing", kLabelSmoothing}};
  write_safetensors(file, tensors, {{"case", description.dump()}});
}

/// Compares every case of a folder with PyTorch.
void expect_parity(const std::filesystem::path& folder, std::size_t count,
                   const Tolerance& tolerance) {
  const char* python = std::getenv("PARLANDO_PYTHON");
  ASSERT_NE(python, nullptr);
  const test::ProcessResult result = test::run_process(
      {python, test::source_path("tests/unit/train/torch_reference.py").string(), folder.string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::map<std::string, int> quantities;
  for (const std::string& line : split_text(result.out, '\n')) {
    if (line.empty()) continue;
    const Json json = Json::parse(line);
    ++quantities[json["case"].get<std::string>()];
    const double scale = std::max(1.0, json["largest"].get<double>());
    EXPECT_LE(json["largest_error"].get<double>(), tolerance.largest * scale) << line;
    EXPECT_LE(json["mean_error"].get<double>(), tolerance.mean * scale) << line;
  }
  EXPECT_EQ(quantities.size(), count);
}

class ModelParity : public testing::Test {
 protected:
  void SetUp() override {
    const char* python = std::getenv("PARLANDO_PYTHON");
    ASSERT_NE(python, nullptr);
    const test::ProcessResult result = test::run_process({python, "-c", "import torch"});
    if (result.exit_code != 0) {
      GTEST_SKIP() << "Python can't import torch, 'make setup-cuda' installs what it lacks: "
                   << result.err;
    }
  }

  void write(const std::string& suffix, at::ScalarType type) {
    at::manual_seed(11);
    for (const auto& [name, c] : cases()) {
      for (const bool training : {false, true}) {
        const std::string file = name + (training ? "-training" : "") + suffix;
        write_case(scratch_.path() / (file + ".safetensors"), c, training, type);
        ++written_;
      }
    }
  }

  test::ScratchFolder scratch_;
  std::size_t written_ = 0;
};

TEST_F(ModelParity, ForwardLossAndGradientsEqualPyTorchsInFloat64) {
  write("", at::kDouble);
  expect_parity(scratch_.path(), written_, kFloat64Tolerance);
}

TEST_F(ModelParity, ForwardLossAndGradientsEqualPyTorchsInFloat32) {
  write("", at::kFloat);
  expect_parity(scratch_.path(), written_, kFloat32Tolerance);
}

}  // namespace
}  // namespace parlando::train
