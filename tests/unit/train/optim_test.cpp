#include <cmath>

#include <gtest/gtest.h>

#include "train/optim/adam.h"
#include "train/optim/callbacks.h"
#include "train/optim/flat_parameters.h"
#include "train/optim/gradient_reducer.h"
#include "train/optim/loss.h"

namespace parlando::train {
namespace {

TEST(Adam, FollowsKerasForm) {
  const OptimizerConfig config;
  at::Tensor values = torch::tensor({1.0, -2.0}, at::kDouble);
  Adam adam(config, values);
  double m = 0, v = 0, expected = 1.0;
  for (int t = 1; t <= 5; ++t) {
    const double gradient = 0.3 * t;
    adam.step(values, torch::tensor({gradient, 0.0}, at::kDouble), 0.01);
    m = 0.9 * m + 0.1 * gradient;
    v = 0.999 * v + 0.001 * gradient * gradient;
    expected -= 0.01 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)) * m /
                (std::sqrt(v) + 1e-7);
  }
  EXPECT_NEAR(values[0].item<double>(), expected, 1e-12);
  EXPECT_EQ(values[1].item<double>(), -2.0);
}

TEST(ReduceOnPlateau, LowersTheRateAfterPatienceEpochsWithoutImprovement) {
  ReduceOnPlateau plateau(
      {.enabled = true, .factor = 0.5, .patience = 3, .min_delta = 1e-4, .min_learning_rate = 0});
  // Improvement, a fall too small to count, two epochs more: the third wait fires; then it waits
  // anew.
  const std::vector<std::pair<double, double>> losses_and_rates{
      {1.0, 1.0}, {0.99995, 1.0}, {1.1, 1.0},  {1.0, 0.5},
      {1.0, 0.5}, {1.0, 0.5},     {1.0, 0.25}, {0.5, 0.25}};
  double rate = 1.0;
  for (const auto& [loss, expected] : losses_and_rates) {
    rate = plateau.next_rate(loss, rate);
    EXPECT_EQ(rate, expected) << loss;
  }
}

TEST(EarlyStopping, StopsAfterPatienceAndRemembersTheBestEpoch) {
  EarlyStopping stopping({.enabled = true, .patience = 2, .min_delta = 0});
  EXPECT_TRUE(stopping.observe(1.0, 1));
  EXPECT_TRUE(stopping.observe(0.8, 2));
  EXPECT_FALSE(stopping.observe(0.8, 3));
  EXPECT_FALSE(stopping.should_stop());
  EXPECT_FALSE(stopping.observe(0.9, 4));
  EXPECT_TRUE(stopping.should_stop());
  EXPECT_EQ(stopping.state().best_epoch, 2);
}

TEST(CrossEntropy, SmoothsLabelsAndWeighsSamples) {
  const at::Tensor logits =
      torch::tensor({2.0, 1.0, -1.0, 0.0, 0.5, 0.25}, at::kDouble).view({2, 3});
  const at::Tensor targets = torch::tensor({0, 2}, at::kLong);
  const at::Tensor weights = torch::tensor({1.0, 1.0, 3.0}, at::kDouble);
  const at::Tensor loss = cross_entropy(logits, targets, 0.1, weights);
  const double norm = std::exp(0.0) + std::exp(0.5) + std::exp(0.25);
  const double smooth = 0.1 / 3;
  const double second = -((0.9 + smooth) * (0.25 - std::log(norm)) +
                          smooth * (0.5 - std::log(norm)) + smooth * (0.0 - std::log(norm)));
  EXPECT_NEAR(loss[1].item<double>(), 3 * second, 1e-12);
}

std::vector<NamedTensor> three_parameters() {
  std::vector<NamedTensor> parameters;
  for (const std::int64_t n : {4, 3, 5}) {
    parameters.push_back(
        {"p" + std::to_string(n), at::arange(n, at::kFloat).set_requires_grad(true)});
  }
  return parameters;
}

TEST(FlatParameters, MakesTensorsViewsThatKeepTheirValues) {
  std::vector<NamedTensor> parameters = three_parameters();
  FlatParameters flat(parameters);
  EXPECT_EQ(flat.size(), 12);
  EXPECT_EQ(flat.offset(2), 7);
  EXPECT_EQ(flat.values()[8].item<float>(), 1);
  flat.values().fill_(9);
  EXPECT_EQ(parameters[1].tensor[0].item<float>(), 9);
  (parameters[0].tensor.sum() * 2).backward();
  EXPECT_EQ(flat.gradients().narrow(0, 0, 4).sum().item<float>(), 8);
}

/// Records what a reducer sends, in order.
class RecordingCommunicator : public dist::Communicator {
 public:
  struct Done : dist::Request {
    bool test() override { return true; }
    void wait() override {}
  };
  int rank() const override { return 0; }
  int size() const override { return 2; }
  std::string backend() const override { return "recording"; }
  void all_reduce(dist::Buffer, dist::ReduceOp) override {}
  std::unique_ptr<dist::Request> all_reduce_async(dist::Buffer buffer) override {
    sent.emplace_back(static_cast<float*>(buffer.data), buffer.count);
    for (std::size_t i = 0; i < buffer.count; ++i) static_cast<float*>(buffer.data)[i] *= 2;
    return std::make_unique<Done>();
  }
  void broadcast(dist::Buffer, int) override {}
  void barrier() override {}
  [[noreturn]] void abort(int) override { throw std::runtime_error("abort"); }

  std::vector<std::pair<float*, std::size_t>> sent;
};

TEST(GradientReducer, SendsEveryGradientOnceLastParametersFirst) {
  std::vector<NamedTensor> parameters = three_parameters();
  FlatParameters flat(parameters);
  RecordingCommunicator communicator;
  GradientReducer reducer(parameters, flat, communicator, 8 * sizeof(float));
  ASSERT_EQ(reducer.bucket_count(), 2u);
  for (int round = 0; round < 2; ++round) {
    communicator.sent.clear();
    reducer.start();
    (parameters[0].tensor.sum() + parameters[1].tensor.sum() * 3 + parameters[2].tensor.sum() * 5)
        .backward();
    reducer.finish();
    ASSERT_EQ(communicator.sent.size(), 2u);
    EXPECT_EQ(communicator.sent[0].second, 8u);  // parameters 2 and 1
    EXPECT_EQ(communicator.sent[1].second, 4u);
    EXPECT_EQ(communicator.sent[1].first, flat.gradients().data_ptr<float>());
    // The stand-in doubles what it is given: each gradient went through it exactly once.
    EXPECT_EQ(parameters[0].tensor.grad()[0].item<float>(), 2);
    EXPECT_EQ(parameters[1].tensor.grad()[0].item<float>(), 6);
    EXPECT_EQ(parameters[2].tensor.grad()[0].item<float>(), 10);
  }
}

}  // namespace
}  // namespace parlando::train
