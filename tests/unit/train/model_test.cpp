#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "train/model/attention_recorder.h"
#include "train/model/classifier.h"
#include "train/model/dropout.h"
#include "train/model/relu_max_pool.h"
#include "train/optim/loss.h"

namespace parlando::train {
namespace {

std::vector<std::int64_t> positions(std::int64_t first, std::int64_t count) {
  std::vector<std::int64_t> list(static_cast<std::size_t>(count));
  std::iota(list.begin(), list.end(), first);
  return list;
}

ModelConfig small_model() {
  ModelConfig config;
  config.conv = {{.filters = 3, .kernel = 3, .pool = 2, .dropout = 0.25},
                 {.filters = 4, .kernel = 3, .pool = 2, .dropout = 0.25}};
  config.lstm.hidden = 3;
  config.head.dropout = 0.25;
  return config;
}

TEST(Classifier, HasThePublishedNumberOfParameters) {
  // Counted by Keras: 626,904 with the moving statistics of batch norm, 626,456 trained.
  const Classifier model(ModelConfig{}, {128, 128}, 8, 1);
  EXPECT_EQ(model.count().trainable, 626456);
  EXPECT_EQ(model.count().total, 626904);
}

TEST(Classifier, StartsFromTheSeedAlone) {
  const Classifier a(small_model(), {16, 12}, 5, 7), b(small_model(), {16, 12}, 5, 7);
  const Classifier other(small_model(), {16, 12}, 5, 8);
  for (std::size_t i = 0; i < a.parameters().size(); ++i) {
    EXPECT_TRUE(at::equal(a.parameters()[i].tensor, b.parameters()[i].tensor))
        << a.parameters()[i].name;
  }
  EXPECT_FALSE(at::equal(a.parameters()[0].tensor, other.parameters()[0].tensor));
}

TEST(Classifier, UsesKerasInitialisers) {
  Classifier model(ModelConfig{}, {128, 128}, 8, 1);
  for (const NamedTensor& entry : model.parameters()) {
    if (entry.name == "lstm.forward.recurrent_weight") {
      // [4 hidden, hidden] with orthonormal columns: Keras' orthogonal [hidden, 4 hidden]
      // transposed.
      const at::Tensor product = at::matmul(entry.tensor.t(), entry.tensor);
      EXPECT_LT((product - at::eye(32)).abs().max().item<double>(), 1e-5);
    }
    if (entry.name == "lstm.forward.bias") {
      EXPECT_EQ(entry.tensor.sum().item<double>(), 32);
      EXPECT_EQ(entry.tensor.narrow(0, 32, 32).min().item<double>(), 1);
    }
    if (entry.name == "output.weight") {
      const double limit = std::sqrt(6.0 / (64 + 8));
      EXPECT_LE(entry.tensor.abs().max().item<double>(), limit);
      EXPECT_GT(entry.tensor.abs().max().item<double>(), 0.9 * limit);
    }
  }
}

TEST(Classifier, AttendsToEachStepWithWeightsThatSumToOne) {
  Classifier model(small_model(), {16, 12}, 5, 7);
  AttentionRecorder recorder;
  const at::Tensor logits =
      model.forward(at::randn({3, 16, 12}), ForwardContext{.observer = &recorder});
  EXPECT_EQ(logits.sizes(), at::IntArrayRef({3, 5}));
  ASSERT_EQ(recorder.weights().sizes(), at::IntArrayRef({3, 4}));
  EXPECT_LT((recorder.weights().sum(1) - 1).abs().max().item<double>(), 1e-6);
}

TEST(Classifier, RefusesInputThatPoolingReducesToNothing) {
  EXPECT_THROW(Classifier(small_model(), {2, 12}, 5, 7), Error);
}

/// Loss of a small network in training mode with fixed dropout masks, float64.
double loss_of(Classifier& model, const at::Tensor& features, const at::Tensor& labels) {
  const std::vector<std::int64_t> where = positions(0, features.size(0));
  ForwardContext context{.training = true, .seed = 3, .epoch = 1, .positions = where};
  return sample_losses({}, model.forward(features, context), {.labels = labels}, {})
      .sum()
      .item<double>();
}

TEST(Classifier, GradientsMatchFiniteDifferences) {
  at::manual_seed(5);
  Classifier model(small_model(), {16, 12}, 5, 7);
  model.to(at::kDouble, at::kCPU);
  const at::Tensor features = at::randn({4, 16, 12}, at::kDouble);
  const at::Tensor labels = torch::tensor({0, 3, 1, 4}, at::kLong);
  const std::vector<std::int64_t> where = positions(0, 4);
  ForwardContext context{.training = true, .seed = 3, .epoch = 1, .positions = where};
  sample_losses({}, model.forward(features, context), {.labels = labels}, {}).sum().backward();
  constexpr double kStep = 1e-6;
  for (NamedTensor& entry : model.parameters()) {
    const at::Tensor gradient = entry.tensor.grad().flatten();
    const at::NoGradGuard guard;
    const at::Tensor flat = entry.tensor.view(-1);
    for (const std::int64_t i : {std::int64_t{0}, flat.numel() / 2, flat.numel() - 1}) {
      const double value = flat[i].item<double>();
      flat[i] = value + kStep;
      const double above = loss_of(model, features, labels);
      flat[i] = value - kStep;
      const double below = loss_of(model, features, labels);
      flat[i] = value;
      // Central differences of a loss near 8 with step 1e-6 carry rounding of about 1e-9 / 1e-6 *
      // 1e-1.
      EXPECT_NEAR(gradient[i].item<double>(), (above - below) / (2 * kStep), 2e-6)
          << entry.name << " " << i;
    }
  }
}

TEST(Dropout, DependsOnThePositionOfASampleAndNotOnItsBatch) {
  const at::Tensor input = at::ones({6, 4, 5, 3}).contiguous(at::MemoryFormat::ChannelsLast);
  const auto mask = [&](std::int64_t first, std::int64_t count, std::int64_t epoch) {
    const std::vector<std::int64_t> where = positions(first, count);
    ForwardContext context{.training = true, .seed = 1, .epoch = epoch, .positions = where};
    return dropout(input.narrow(0, 0, count), 0.4, 2, context);
  };
  const at::Tensor whole = mask(10, 6, 0);
  EXPECT_TRUE(at::equal(whole.narrow(0, 2, 3), mask(12, 3, 0)));
  EXPECT_FALSE(at::equal(whole, mask(10, 6, 1)));
  EXPECT_FALSE(at::equal(whole.select(0, 0), whole.select(0, 1)));
}

TEST(Dropout, KeepsTheConfiguredShareScaledToTheSameMean) {
  const std::vector<std::int64_t> where = positions(0, 8);
  ForwardContext context{.training = true, .seed = 1, .epoch = 0, .positions = where};
  const at::Tensor output = dropout(at::ones({8, 20000}), 0.3, 0, context);
  const double kept = (output > 0).to(at::kDouble).mean().item<double>();
  EXPECT_NEAR(kept, 0.7, 5 * std::sqrt(0.3 * 0.7 / 160000));
  EXPECT_NEAR(output.max().item<double>(), 1 / 0.7, 1e-6);
}

TEST(Dropout, IsTheIdentityInEvaluation) {
  const at::Tensor input = at::randn({2, 3});
  EXPECT_TRUE(at::equal(dropout(input, 0.5, 0, ForwardContext{}), input));
}

TEST(ReluMaxPool, MatchesLibtorchForwardAndBackward) {
  at::manual_seed(3);
  // 7 x 9 leaves pixels behind the last whole window of 2.
  for (const int pool : {1, 2, 3}) {
    const at::Tensor input = at::randn({2, 5, 7, 9}, at::kDouble);
    at::Tensor own = input.clone().set_requires_grad(true);
    at::Tensor reference = input.clone().set_requires_grad(true);
    const at::Tensor pooled = relu_max_pool(own, pool, pool);
    const at::Tensor expected = at::max_pool2d(at::relu(reference), pool);
    ASSERT_TRUE(at::equal(pooled, expected)) << pool;
    const at::Tensor direction = at::randn(pooled.sizes(), at::kDouble);
    (pooled * direction).sum().backward();
    (expected * direction).sum().backward();
    EXPECT_TRUE(at::equal(own.grad(), reference.grad())) << pool;
  }
}

TEST(ReluMaxPool, WithoutGradientsGivesTheSameMaxima) {
  at::manual_seed(3);
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kDouble}) {
    for (const int channels : {1, 7, 32}) {
      at::Tensor input = at::randn({3, channels, 7, 9}, at::kDouble).to(type);
      input[1][0][2][3] = std::numeric_limits<double>::quiet_NaN();
      const at::Tensor expected =
          at::max_pool2d(at::relu(input.to(at::kDouble)), {2, 3}).to(input.scalar_type());
      const at::Tensor found = relu_max_pool(input, 2, 3).to(input.scalar_type());
      EXPECT_TRUE(at::allclose(found, expected, 0, 0, /*equal_nan=*/true)) << channels;
    }
  }
}

BatchNorm make_norm(std::int64_t channels) {
  return {.weight = (at::rand({channels}, at::kDouble) + 0.5).set_requires_grad(true),
          .bias = at::randn({channels}, at::kDouble).set_requires_grad(true),
          .running_mean = at::zeros({channels}, at::kDouble),
          .running_variance = at::ones({channels}, at::kDouble)};
}

TEST(BatchNorm, MatchesLibtorchForwardAndBackward) {
  at::manual_seed(2);
  BatchNorm norm = make_norm(5);
  at::Tensor input = at::randn({4, 5, 6, 7}, at::kDouble);
  at::Tensor own_input = input.clone().set_requires_grad(true);
  at::Tensor reference_input = input.clone().set_requires_grad(true);
  const at::Tensor weight = norm.weight.detach().clone().set_requires_grad(true);
  const at::Tensor bias = norm.bias.detach().clone().set_requires_grad(true);
  const at::Tensor direction = at::randn({4, 5, 6, 7}, at::kDouble);

  const at::Tensor output = norm.forward(own_input, {.training = true});
  (output * direction).sum().backward();
  const at::Tensor expected =
      at::batch_norm(reference_input, weight, bias, {}, {}, true, 0.1, norm.epsilon, false);
  (expected * direction).sum().backward();

  constexpr double kTolerance = 1e-10;
  EXPECT_LT((output - expected).abs().max().item<double>(), kTolerance);
  EXPECT_LT((own_input.grad() - reference_input.grad()).abs().max().item<double>(), kTolerance);
  EXPECT_LT((norm.weight.grad() - weight.grad()).abs().max().item<double>(), kTolerance);
  EXPECT_LT((norm.bias.grad() - bias.grad()).abs().max().item<double>(), kTolerance);
}

TEST(BatchNorm, MovesItsStatisticsAsKerasDoes) {
  BatchNorm norm = make_norm(2);
  const at::Tensor input = torch::tensor({1.0, 3.0, 10.0, 30.0}, at::kDouble).view({2, 2, 1, 1});
  norm.forward(input, {.training = true});
  // Channel 0 holds 1 and 10: mean 5.5, biased variance 20.25; the old values keep a share of 0.99.
  EXPECT_NEAR(norm.running_mean[0].item<double>(), 0.055, 1e-12);
  EXPECT_NEAR(norm.running_variance[0].item<double>(), 0.99 + 0.2025, 1e-12);
}

TEST(ReluMaxPool, OfBfloat16EqualsThatOfTheSameNumbersInFloat32) {
  at::manual_seed(4);
  const auto options = at::TensorOptions(at::kFloat);
  const at::Tensor narrow = at::randn({2, 19, 6, 7}, options)
                                .contiguous(at::MemoryFormat::ChannelsLast)
                                .to(at::kBFloat16)
                                .requires_grad_(true);
  const at::Tensor wide = narrow.detach().to(at::kFloat).requires_grad_(true);
  const at::Tensor found = relu_max_pool(narrow, 2, 3);
  const at::Tensor expected = relu_max_pool(wide, 2, 3);
  ASSERT_EQ(found.scalar_type(), at::kFloat);
  EXPECT_TRUE(at::equal(found, expected));
  const at::Tensor factors = at::randn(found.sizes(), options);
  (found * factors).sum().backward();
  (expected * factors).sum().backward();
  ASSERT_EQ(narrow.grad().scalar_type(), at::kBFloat16);
  EXPECT_TRUE(at::equal(narrow.grad(), wide.grad().to(at::kBFloat16)));
}

}  // namespace
}  // namespace parlando::train
