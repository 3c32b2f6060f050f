#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "train/model/lstm_fused.h"
#include "train/model/lstm_layer.h"

namespace parlando::train {
namespace {

struct LstmCase {
  std::string name;
  std::int64_t batch, time, inputs, hidden;
  int directions = 2;
  bool masks = false;
  bool two_biases = false;
  Lengths lengths{};
};

/// What one layer computes from, all of one type and wanting gradients where trained.
struct Layer {
  at::Tensor steps;
  std::vector<LstmWeights> weights;
  std::vector<LstmMasks> masks;

  std::vector<at::Tensor> leaves() const {
    std::vector<at::Tensor> list{steps};
    for (const LstmWeights& w : weights) {
      list.insert(list.end(), {w.input_weight, w.recurrent_weight, w.bias});
      if (w.recurrent_bias.defined()) list.push_back(w.recurrent_bias);
    }
    return list;
  }
};

at::Tensor leaf(at::IntArrayRef shape, at::ScalarType type) {
  // Drawn in float32 whatever the type, so that both types hold the same numbers.
  return at::randn(shape, at::kFloat).mul_(0.4).to(type).set_requires_grad(true);
}

Layer make_layer(const LstmCase& c, at::ScalarType type) {
  at::manual_seed(3);
  Layer layer{leaf({c.batch, c.time, c.inputs}, type), {}, {}};
  const auto mask = [&](std::int64_t width) {
    return at::bernoulli(at::full({c.batch, 4, width}, 0.7, at::kFloat)).div(0.7).to(type);
  };
  for (int d = 0; d < c.directions; ++d) {
    layer.weights.push_back({leaf({4 * c.hidden, c.inputs}, type),
                             leaf({4 * c.hidden, c.hidden}, type), leaf({4 * c.hidden}, type),
                             c.two_biases ? leaf({4 * c.hidden}, type) : at::Tensor()});
    layer.masks.push_back(c.masks ? LstmMasks{mask(c.inputs), mask(c.hidden)} : LstmMasks{});
  }
  return layer;
}

/// The layer's output, and a loss that weighs each of its elements otherwise.
at::Tensor output_of(const Layer& layer, const LstmCase& c, bool fast) {
  return fast ? lstm_fused(layer.steps, layer.weights, layer.masks, c.lengths)
              : lstm_layer(layer.steps, layer.weights, layer.masks, c.lengths, false);
}

at::Tensor loss_of(const at::Tensor& output) {
  const at::Tensor factors = at::sin(at::arange(output.numel(), at::kDouble)).view(output.sizes());
  return (output * factors.to(output.scalar_type())).sum();
}

double relative_error(const at::Tensor& found, const at::Tensor& expected) {
  const double scale = expected.abs().max().item<double>();
  return (found.to(at::kDouble) - expected).abs().max().item<double>() / std::max(scale, 1e-3);
}

class FusedLstm : public testing::TestWithParam<LstmCase> {};

// Float32 against float64: rounding of sums of some hundred products, carried through the steps.
constexpr double kTolerance = 1e-5;

TEST_P(FusedLstm, EqualsLibtorchsOperationsInFloat64) {
  const LstmCase& c = GetParam();
  const Layer fused = make_layer(c, at::kFloat);
  const Layer plain = make_layer(c, at::kDouble);
  const at::Tensor found = output_of(fused, c, true);
  const at::Tensor expected = output_of(plain, c, false);
  ASSERT_EQ(found.sizes(), expected.sizes());
  EXPECT_LT(relative_error(found, expected), kTolerance);
  loss_of(found).backward();
  loss_of(expected).backward();
  for (std::size_t i = 0; i < plain.leaves().size(); ++i) {
    EXPECT_LT(relative_error(fused.leaves()[i].grad(), plain.leaves()[i].grad()), kTolerance)
        << "gradient " << i;
  }
}

TEST_P(FusedLstm, DoesNotDependOnTheNumberOfThreads) {
  const LstmCase& c = GetParam();
  const int threads = at::get_num_threads();
  std::vector<std::vector<at::Tensor>> results;
  for (const int n : {1, 2}) {
    at::set_num_threads(n);
    const Layer layer = make_layer(c, at::kFloat);
    std::vector<at::Tensor>& list = results.emplace_back();
    list.push_back(output_of(layer, c, true));
    loss_of(list.front()).backward();
    for (const at::Tensor& tensor : layer.leaves()) list.push_back(tensor.grad());
  }
  at::set_num_threads(threads);
  for (std::size_t i = 0; i < results[0].size(); ++i)
    EXPECT_TRUE(at::equal(results[0][i], results[1][i])) << i;
}

INSTANTIATE_TEST_SUITE_P(
    Layers, FusedLstm,
    testing::Values(LstmCase{"plain", 4, 9, 40, 32},
                    LstmCase{"widths_that_fill_no_vector", 19, 5, 7, 5},
                    LstmCase{"one_direction", 3, 6, 10, 16, 1}, LstmCase{"one_step", 2, 1, 5, 8},
                    LstmCase{"two_biases", 3, 4, 6, 8, 2, false, true},
                    LstmCase{"dropout", 5, 7, 9, 16, 2, true},
                    LstmCase{"dropout_of_odd_widths", 3, 4, 33, 18, 1, true},
                    LstmCase{"padding", 4, 8, 6, 16, 2, false, false, {8, 3, 1, 5}},
                    LstmCase{"padding_and_dropout", 4, 8, 6, 16, 2, true, false, {2, 8, 7, 1}},
                    LstmCase{"more_samples_than_a_block_of_sums", 300, 2, 3, 4}),
    [](const testing::TestParamInfo<LstmCase>& tested) { return tested.param.name; });

TEST(LstmLayer, HasGradientsThatMatchFiniteDifferences) {
  const LstmCase c{"", 3, 4, 3, 2, 2, true, true, {4, 2, 1}};
  Layer layer = make_layer(c, at::kDouble);
  loss_of(output_of(layer, c, false)).backward();
  constexpr double kStep = 1e-6;
  const at::NoGradGuard guard;
  for (const at::Tensor& tensor : layer.leaves()) {
    const at::Tensor flat = tensor.view(-1);
    for (std::int64_t i = 0; i < flat.numel(); ++i) {
      const double value = flat[i].item<double>();
      flat[i] = value + kStep;
      const double above = loss_of(output_of(layer, c, false)).item<double>();
      flat[i] = value - kStep;
      const double below = loss_of(output_of(layer, c, false)).item<double>();
      flat[i] = value;
      EXPECT_NEAR(tensor.grad().view(-1)[i].item<double>(), (above - below) / (2 * kStep), 1e-8);
    }
  }
}

}  // namespace
}  // namespace parlando::train
