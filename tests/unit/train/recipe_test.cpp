#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/unit/train/recorded.h"
#include "train/optim/loss.h"
#include "train/optim/optimizer.h"
#include "train/optim/weight_average.h"

namespace parlando::train {
namespace {

using test::Numbers;
using test::recorded;

// Float64 on both sides; only the order of operations differs.
constexpr double kTolerance = 1e-12;
// Keras computes the scale of global_clipnorm in float32.
constexpr double kKerasClipTolerance = 1e-8;

at::Tensor tensor_of(const Json& numbers) {
  return torch::tensor(numbers.get<Numbers>(), at::kDouble);
}

void expect_close(const at::Tensor& actual, const Json& expected, const std::string& what,
                  double tolerance = kTolerance) {
  const at::Tensor wanted = tensor_of(expected);
  ASSERT_EQ(actual.numel(), wanted.numel()) << what;
  EXPECT_LT((actual.flatten() - wanted).abs().max().item<double>(), tolerance) << what;
}

OptimizerConfig optimizer_of(const Json& entry) {
  const bool keras = entry.at("form") == "keras";
  return {.kind = entry.at("kind"),
          .form = entry.at("form"),
          .epsilon = keras ? 1e-7 : 1e-8,
          .momentum = entry.value("momentum", 0.0),
          .nesterov = entry.value("nesterov", false),
          .weight_decay = entry.value("weight_decay", 0.0),
          .clip_value = entry.value("clip_value", 0.0),
          .clip_norm = entry.value("clip_norm", 0.0)};
}

TEST(Optimizer, FollowsKerasAndTorchOnRecordedSequences) {
  const Json all = recorded("optimizers");
  ASSERT_EQ(all.at("cases").size(), 18u);
  for (const Json& entry : all.at("cases")) {
    const at::Tensor values = tensor_of(all.at("start"));
    Optimizer optimizer(optimizer_of(entry), values);
    WeightAverage average({.kind = entry.value("ema", false) ? "ema" : "none", .decay = 0.9},
                          {{"parameters", values}});
    const bool keras_clip = entry.at("form") == "keras" && entry.contains("clip_norm");
    const double tolerance = keras_clip ? kKerasClipTolerance : kTolerance;
    for (std::size_t i = 0; i < entry.at("values").size(); ++i) {
      const std::string what =
          fmt::format("{} {} step {}", entry.at("form").dump(), entry.at("kind").dump(), i);
      const at::Tensor gradients = tensor_of(all.at("gradients").at(i));
      optimizer.step(values, gradients, optimizer.gradient_norm(gradients),
                     all.at("rates").at(i).get<double>());
      average.after_step();
      expect_close(values, entry.at("values").at(i), what, tolerance);
      const WeightAverage::InUse averaged(average);
      if (entry.value("ema", false)) expect_close(values, entry.at("averages").at(i), what);
    }
  }
}

TEST(Optimizer, UpdatesAllOfALongVectorByAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  for (const char* kind : {"adam", "sgd"}) {
    std::vector<at::Tensor> results;
    std::vector<double> norms;
    for (const int n : {1, 3}) {
      at::set_num_threads(n);
      OptimizerConfig config{.kind = kind, .clip_norm = 1};
      const at::Tensor values = at::linspace(-1, 1, 100'003, at::kFloat);
      const at::Tensor gradients = at::linspace(3, 1, 100'003, at::kFloat);
      Optimizer optimizer(config, values);
      norms.push_back(optimizer.gradient_norm(gradients));
      optimizer.step(values, gradients, norms.back(), 0.1);
      results.push_back(values);
    }
    EXPECT_TRUE(at::equal(results[0], results[1])) << kind;
    EXPECT_EQ(norms[0], norms[1]);
    EXPECT_NEAR(norms[0], at::linspace(3, 1, 100'003, at::kDouble).norm().item<double>(), 1e-4);
    EXPECT_FALSE(at::any(results[0] == at::linspace(-1, 1, 100'003, at::kFloat)).item<bool>());
  }
  at::set_num_threads(threads);
}

TEST(Optimizer, NoticesGradientsThatAreNoNumbersEvenUnderABound) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double bound : {0.0, 1.0}) {
    for (const double bad : {kInfinity, -kInfinity, std::nan("")}) {
      for (const std::int64_t at : {0, 4099, 5000}) {
        at::Tensor gradients = at::ones({5001}, at::kFloat);
        const Optimizer optimizer({.clip_value = bound}, gradients);
        EXPECT_TRUE(std::isfinite(optimizer.gradient_norm(gradients)));
        gradients[at] = bad;
        EXPECT_FALSE(std::isfinite(optimizer.gradient_norm(gradients))) << bad << " at " << at;
      }
    }
  }
}

TEST(OptimizerConfig, RefusesMomentumForAdamAndNesterovWithoutIt) {
  EXPECT_THROW(OptimizerConfig{.momentum = 0.9}.validate(), Error);
  EXPECT_THROW((OptimizerConfig{.kind = "sgd", .nesterov = true}.validate()), Error);
}

TEST(SampleLosses, FollowTorchWithSmoothingFocusAndMixture) {
  const Json all = recorded("losses");
  const at::Tensor labels = torch::tensor(all.at("labels").get<std::vector<std::int64_t>>());
  const at::Tensor second = torch::tensor(all.at("second_labels").get<std::vector<std::int64_t>>());
  ASSERT_EQ(all.at("cases").size(), 8u);
  for (const Json& entry : all.at("cases")) {
    const double share = entry.at("share");
    const at::Tensor logits = tensor_of(all.at("logits"))
                                  .view({-1, all.at("classes").get<std::int64_t>()})
                                  .set_requires_grad(true);
    const at::Tensor losses = sample_losses(
        {.kind = entry.at("kind"), .label_smoothing = entry.at("smoothing")}, logits,
        {.labels = labels, .second_labels = share < 1 ? second : at::Tensor(), .share = share},
        tensor_of(all.at("weights")));
    losses.sum().backward();
    const std::string what = fmt::format("{} {}", entry.at("kind").dump(), share);
    expect_close(losses.detach(), entry.at("losses"), what);
    expect_close(logits.grad(), entry.at("gradients"), what);
  }
}

TEST(LossOf, AgreesWithSampleLossesAndWithKeras) {
  const Json all = recorded("losses");
  const auto labels = all.at("labels").get<std::vector<std::size_t>>();
  const std::size_t classes = all.at("classes");
  const at::Tensor probabilities =
      tensor_of(all.at("logits")).view({-1, static_cast<std::int64_t>(classes)}).softmax(1);
  const double* data = probabilities.const_data_ptr<double>();
  const auto in_keras = all.at("keras_focal").get<Numbers>();
  const LossConfig focal{.kind = "focal", .label_smoothing = 0.1};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    EXPECT_NEAR(loss_of(focal, std::span(data + i * classes, classes), labels[i]), in_keras[i],
                kTolerance);
  }
}

TEST(SampleLosses, StayFiniteWhereASampleIsCertain) {
  const at::Tensor logits =
      torch::tensor({100.0F, -100.0F, 0.0F}).view({1, 3}).set_requires_grad(true);
  for (const double gamma : {0.5, 2.0}) {
    const at::Tensor loss =
        sample_losses({.kind = "focal", .focal_gamma = gamma, .label_smoothing = 0}, logits,
                      {.labels = at::zeros({1}, at::kLong)}, {});
    loss.sum().backward();
    EXPECT_NEAR(loss.item<double>(), 0, 1e-6);
    EXPECT_TRUE(at::isfinite(logits.grad()).all().item<bool>()) << gamma;
  }
}

TEST(CountCorrect, CountsAMixtureByItsShares) {
  const at::Tensor logits = torch::tensor({2.0, 1.0, 0.0, 5.0}).view({2, 2});
  const at::Tensor labels = torch::tensor({0, 0}, at::kLong);
  EXPECT_EQ(count_correct(logits, {.labels = labels}).item<double>(), 1);
  const Targets mixed{
      .labels = labels, .second_labels = torch::tensor({1, 1}, at::kLong), .share = 0.7};
  EXPECT_NEAR(count_correct(logits, mixed).item<double>(), 0.7 + 0.3, 1e-12);
}

TEST(WeightAverage, OfTheLastEpochsIsTheirMeanAndGivesTheWeightsBack) {
  const at::Tensor weights = at::zeros({2}, at::kDouble), buffer = at::zeros({1}, at::kDouble);
  WeightAverage average({.kind = "last", .epochs = 3}, {{"parameters", weights}, {"mean", buffer}});
  for (int epoch = 1; epoch <= 5; ++epoch) {
    weights.fill_(epoch);
    buffer.fill_(10 * epoch);
    average.after_epoch();
    const double expected = epoch < 3 ? (1 + epoch) / 2.0 : epoch - 1.0;
    {
      const WeightAverage::InUse averaged(average);
      EXPECT_DOUBLE_EQ(weights[1].item<double>(), expected) << epoch;
      EXPECT_DOUBLE_EQ(buffer[0].item<double>(), 10 * expected);
    }
    EXPECT_EQ(weights[0].item<double>(), epoch);
    EXPECT_EQ(buffer[0].item<double>(), 10 * epoch);
  }
  EXPECT_EQ(average.tensors().size(), 6u);
  EXPECT_EQ(average.count(), 5);
}

}  // namespace
}  // namespace parlando::train
