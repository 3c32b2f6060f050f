#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/config.h"
#include "tests/support/process.h"
#include "train/model/classifier.h"
#include "train/optim/loss.h"
#include "train/run/train_config.h"

namespace parlando::train {
namespace {

using ::testing::HasSubstr;

ModelConfig model_of(const std::string& yaml) {
  return parse_config<ModelConfig>(yaml, "test");
}

ModelConfig published(const std::string& name) {
  const auto file = test::source_path("configs/train/" + name + ".yaml").string();
  return load_config<TrainConfig>({file}).model;
}

/// Networks that between them have every kind of part, small enough for finite differences.
const std::vector<std::string>& spread() {
  static const std::vector<std::string> list{
      "{conv: [{filters: 3, kernel: 3, pool: 2, dropout: 0.2}], lstm: {hidden: 3}}",
      "{conv_dimensions: 1, conv: [{filters: 4, kernel: 5, padding: valid, pool: 2, pool_kind: "
      "mean,"
      " activation: tanh, norm: layer, dropout: 0.2}], lstm: {layers: 2, hidden: 2, dropout: 0.2,"
      " recurrent_dropout: 0.3}, pooling: {heads: 2, bias: shared}}",
      "{conv_dimensions: 1, conv: [{filters: 4, kernel: 4, padding: valid, pool: 1, activation: "
      "elu,"
      " order: [norm, activation, pool, dropout], dropout: 0}], lstm: {hidden: 3, biases: 2,"
      " bidirectional: false}, pooling: {kind: last}}",
      "{conv: [], lstm: {hidden: 3, recurrent_dropout: 0.4}, pooling: {kind: mean},"
      " head: {dropout: 0.1, dense: [{units: 4, activation: gelu, dropout: 0.2}]}}",
      "{conv_dimensions: 1, conv: [{filters: 4, kernel: 3, pool: 2}], lstm: {layers: 0},"
      " pooling: {kind: max}}",
      "{conv: [], lstm: {hidden: 2}, pooling: {kind: last}}"};
  return list;
}

constexpr InputShape kShape{20, 6};
constexpr std::int64_t kClasses = 4;
const Lengths kLengths{20, 11, 14, 8};

/// One training step's view of a network, with every mask of dropout fixed.
struct Pass {
  std::vector<std::int64_t> positions{5, 6, 7, 8};
  ForwardContext context;
  at::Tensor labels = torch::tensor({0, 3, 1, 2}, at::kLong);

  explicit Pass(const Lengths& lengths)
      : context{
            .training = true, .seed = 3, .epoch = 1, .positions = positions, .lengths = lengths} {}

  at::Tensor loss(Classifier& model, const at::Tensor& features) const {
    return sample_losses({}, model.forward(features, context), {.labels = labels}, {}).sum();
  }
};

TEST(Networks, HaveThePublishedNumberOfParameters) {
  const struct {
    std::string name;
    InputShape shape;
    std::int64_t keras_total;
  } networks[] = {{"mel128", {128, 128}, 626904},
                  {"mfcc121", {248, 121}, 267968},
                  {"stack187", {130, 187}, 228041}};
  for (const auto& network : networks) {
    SCOPED_TRACE(network.name);
    const ModelConfig config = published(network.name);
    EXPECT_EQ(Classifier(config, network.shape, 8, 1).count().total, network.keras_total);
    EXPECT_EQ(plan_network(config, network.shape, 8).count().total, network.keras_total);
  }
}

TEST(Networks, DefaultsAreThoseOfMel128) {
  EXPECT_EQ(dump_config(ModelConfig{}), dump_config(published("mel128")));
}

TEST(Networks, GradientsMatchFiniteDifferences) {
  for (const std::string& yaml : spread()) {
    for (const bool mask : {false, true}) {
      SCOPED_TRACE(yaml + (mask ? " masked" : ""));
      at::manual_seed(5);
      ModelConfig config = model_of(yaml);
      config.mask = mask;
      Classifier model(config, kShape, kClasses, 7);
      model.to(at::kDouble, at::kCPU);
      const at::Tensor features = at::randn({4, kShape.frames, kShape.rows}, at::kDouble);
      const Pass pass(kLengths);
      pass.loss(model, features).backward();
      constexpr double kStep = 1e-6;
      for (NamedTensor& entry : model.parameters()) {
        const at::Tensor gradient = entry.tensor.grad().flatten();
        const at::NoGradGuard guard;
        const at::Tensor flat = entry.tensor.view(-1);
        for (const std::int64_t i : {flat.numel() / 3, flat.numel() - 1}) {
          const double value = flat[i].item<double>();
          flat[i] = value + kStep;
          const double above = pass.loss(model, features).item<double>();
          flat[i] = value - kStep;
          const double below = pass.loss(model, features).item<double>();
          flat[i] = value;
          // Differences of a loss near 5 carry rounding of about 1e-15 * 5 / 1e-6.
          EXPECT_NEAR(gradient[i].item<double>(), (above - below) / (2 * kStep), 2e-6)
              << entry.name << " " << i;
        }
      }
    }
  }
}

/// d loss / d (tensor along a random direction), by central differences: every element counts.
double slope(const std::function<double()>& loss, const at::Tensor& tensor,
             const at::Tensor& direction) {
  constexpr double kStep = 1e-6;
  const at::NoGradGuard guard;
  const at::Tensor value = tensor.clone();
  tensor.copy_(value + kStep * direction);
  const double above = loss();
  tensor.copy_(value - kStep * direction);
  const double below = loss();
  tensor.copy_(value);
  return (above - below) / (2 * kStep);
}

TEST(Networks, EveryElementOfAGradientMattersToTheSlopeOfTheLoss) {
  for (const std::string& yaml : spread()) {
    for (const bool mask : {false, true}) {
      SCOPED_TRACE(yaml + (mask ? " masked" : ""));
      at::manual_seed(6);
      ModelConfig config = model_of(yaml);
      config.mask = mask;
      Classifier model(config, kShape, kClasses, 7);
      model.to(at::kDouble, at::kCPU);
      const at::Tensor features =
          at::randn({4, kShape.frames, kShape.rows}, at::kDouble).set_requires_grad(true);
      const Pass pass(kLengths);
      pass.loss(model, features).backward();
      std::vector<NamedTensor> leaves = model.parameters();
      leaves.push_back({"features", features});
      for (const NamedTensor& entry : leaves) {
        const at::Tensor direction = at::randn_like(entry.tensor.detach());
        const double found = slope([&] { return pass.loss(model, features).item<double>(); },
                                   entry.tensor, direction);
        const double expected = (entry.tensor.grad() * direction).sum().item<double>();
        EXPECT_NEAR(found, expected, 1e-6 * std::max(1.0, std::abs(expected))) << entry.name;
      }
    }
  }
}

/// Logits and gradients of the same clips with noise in `frames` - length frames of padding.
std::vector<at::Tensor> outcome(const ModelConfig& config, std::int64_t frames,
                                at::ScalarType type) {
  Classifier model(config, {40, kShape.rows}, kClasses, 7);
  model.to(type, at::kCPU);
  at::manual_seed(9);
  const at::Tensor clips = at::randn({4, kShape.frames, kShape.rows}, at::kDouble);
  at::Tensor features = at::randn({4, frames, kShape.rows}, at::kDouble);
  for (std::int64_t i = 0; i < 4; ++i) {
    const std::int64_t length = kLengths[static_cast<std::size_t>(i)];
    features[i].narrow(0, 0, length).copy_(clips[i].narrow(0, 0, length));
  }
  const Pass pass(kLengths);
  pass.loss(model, features.to(type)).backward();
  std::vector<at::Tensor> result;
  for (const NamedTensor& entry : model.parameters()) result.push_back(entry.tensor.grad());
  for (const NamedTensor& entry : model.buffers()) result.push_back(entry.tensor);
  const at::NoGradGuard guard;
  result.push_back(model.forward(features.to(type), ForwardContext{.lengths = kLengths}));
  return result;
}

TEST(MaskedNetworks, GiveTheSameWhateverThePadding) {
  // The sums of a longer batch are grouped otherwise.
  const std::pair<at::ScalarType, double> types[] = {{at::kDouble, 1e-12}, {at::kFloat, 2e-5}};
  for (const std::string& yaml : spread()) {
    ModelConfig config = model_of(yaml);
    config.mask = true;
    for (const auto& [type, tolerance] : types) {
      const std::vector<at::Tensor> tight = outcome(config, 20, type);
      for (const std::int64_t frames : {21, 27, 40}) {
        SCOPED_TRACE(fmt::format("{} with {} frames", yaml, frames));
        const std::vector<at::Tensor> loose = outcome(config, frames, type);
        ASSERT_EQ(tight.size(), loose.size());
        for (std::size_t i = 0; i < tight.size(); ++i) {
          EXPECT_LE((tight[i] - loose[i]).abs().max().item<double>(),
                    tolerance * std::max(1.0, tight[i].abs().max().item<double>()))
              << "quantity " << i;
        }
      }
    }
  }
}

TEST(MaskedNetworks, TakeAClipThatIsTooShortWithZerosBehindIt) {
  ModelConfig config = model_of(spread()[1]);
  config.mask = true;
  Classifier model(config, kShape, kClasses, 7);
  const at::NoGradGuard guard;
  const at::Tensor clip = at::randn({1, 2, kShape.rows});
  const Lengths length{2};
  const at::Tensor alone = model.forward(clip, ForwardContext{.lengths = length});
  const at::Tensor padded =
      model.forward(at::constant_pad_nd(clip, {0, 0, 0, 9}), ForwardContext{.lengths = length});
  EXPECT_LT((alone - padded).abs().max().item<double>(), 1e-6);
}

TEST(UnmaskedNetworks, SeeThePadding) {
  const ModelConfig config = model_of(spread()[0]);
  Classifier model(config, kShape, kClasses, 7);
  const at::NoGradGuard guard;
  const at::Tensor features = at::randn({1, kShape.frames, kShape.rows});
  at::Tensor other = features.clone();
  other.narrow(1, 15, 5).zero_();
  const Lengths length{15};
  const ForwardContext context{.lengths = length};
  EXPECT_GT(
      (model.forward(features, context) - model.forward(other, context)).abs().max().item<double>(),
      1e-6);
}

TEST(Networks, ListThePenaltiesOfTheirKernels) {
  const Classifier model(published("stack187"), {130, 187}, 8, 1);
  const std::vector<WeightPenalty> penalties = model.penalties();
  ASSERT_EQ(penalties.size(), 2u);
  EXPECT_EQ(penalties[0].tensor.sizes(), at::IntArrayRef({128, 187, 5}));
  EXPECT_EQ(penalties[1].tensor.sizes(), at::IntArrayRef({64, 128}));
  EXPECT_EQ(penalties[0].factor, 1e-3);
  EXPECT_TRUE(Classifier(published("mel128"), {128, 128}, 8, 1).penalties().empty());
}

TEST(Networks, CanStartAsPyTorchsDo) {
  ModelConfig config = model_of("{initialization: pytorch, lstm: {hidden: 16, biases: 2}}");
  Classifier model(config, {32, 16}, 8, 1);
  for (const NamedTensor& entry : model.parameters()) {
    if (entry.name.starts_with("norm") || entry.name == "attention.bias") continue;
    double fan_in = 16;  // the LSTM's hidden size
    if (entry.name.starts_with("conv1")) fan_in = 9;
    if (entry.name.starts_with("conv2")) fan_in = 9 * 32;
    if (entry.name.starts_with("conv3")) fan_in = 9 * 64;
    if (entry.name.starts_with("attention") || entry.name.starts_with("output")) fan_in = 32;
    const double largest = entry.tensor.abs().max().item<double>();
    EXPECT_LE(largest, 1 / std::sqrt(fan_in)) << entry.name;
    EXPECT_GT(largest, 0.5 / std::sqrt(fan_in)) << entry.name;
  }
}

TEST(FrozenParts, TakeNoStepAndKeepTheirStatistics) {
  Classifier model(model_of(spread()[0]), kShape, kClasses, 7);
  const std::size_t parameters = model.parameters().size();
  const ParameterCount before = model.count();
  model.freeze({"conv", "norm1"});
  EXPECT_EQ(model.parameters().size(), parameters - 4);
  EXPECT_EQ(model.count().total, before.total);
  EXPECT_EQ(model.count().trainable, before.trainable - (3 * 9 + 3) - 2 * 3);
  at::Tensor mean;
  for (const NamedTensor& entry : model.buffers()) {
    if (entry.name == "norm1.running_mean") mean = entry.tensor;
    EXPECT_FALSE(entry.tensor.requires_grad()) << entry.name;
  }
  const Pass pass(kLengths);
  pass.loss(model, at::randn({4, kShape.frames, kShape.rows})).backward();
  EXPECT_EQ(mean.abs().max().item<double>(), 0);
  for (const NamedTensor& entry : model.parameters()) EXPECT_TRUE(entry.tensor.grad().defined());
}

TEST(FrozenParts, RefuseNamesThatTheNetworkDoesNotHave) {
  Classifier model(model_of(spread()[0]), kShape, kClasses, 7);
  const auto message = [&](const std::vector<std::string>& prefixes) -> std::string {
    try {
      model.freeze(prefixes);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message({"cnov"}), HasSubstr("no trained tensor begins with 'cnov'"));
  EXPECT_THAT(message({""}), HasSubstr("nothing is left to train"));
}

TEST(ModelConfig, RefusesWhatNoNetworkCanBe) {
  const auto message = [](const std::string& yaml) -> std::string {
    try {
      plan_network(model_of(yaml), kShape, kClasses);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message("conv: [{kernel: 4}]"), HasSubstr("'same' padding needs an odd kernel"));
  EXPECT_THAT(message("conv: [{order: [norm, pool]}]"), HasSubstr("once each"));
  EXPECT_THAT(message("conv: [{order: [norm, norm, pool, dropout]}]"), HasSubstr("once each"));
  EXPECT_THAT(message("conv: [{kernel: 21, padding: valid}]"), HasSubstr("leaves nothing"));
  EXPECT_THAT(message("conv_dimensions: 3"), HasSubstr("conv_dimensions"));
}

}  // namespace
}  // namespace parlando::train
