// The fused paths of convolution blocks against the parts one by one.

#include "train/model/fused_block.h"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/config/config.h"
#include "train/model/classifier.h"
#include "train/model/dropout.h"
#include "train/model/relu_max_pool.h"
#include "train/run/autocast.h"

namespace parlando::train {
namespace {

std::vector<std::int64_t> positions(std::int64_t count) {
  std::vector<std::int64_t> list(static_cast<std::size_t>(count));
  std::iota(list.begin(), list.end(), std::int64_t{40});
  return list;
}

double largest(const at::Tensor& tensor) {
  return tensor.abs().max().item<double>();
}

/// Largest difference, as a share of the largest number expected.
double deviation(const at::Tensor& found, const at::Tensor& expected) {
  EXPECT_EQ(found.sizes(), expected.sizes());
  return largest(found.to(at::kDouble) - expected.to(at::kDouble)) /
         std::max(1e-30, largest(expected.to(at::kDouble)));
}

struct Case {
  std::int64_t channels, height, width;
  int pool_height, pool_width;
  bool norm;
  double dropout;
};

std::string name_of(const Case& tested) {
  return fmt::format("{} channels of {} x {}, pool {} x {}, {} norm, dropout {}", tested.channels,
                     tested.height, tested.width, tested.pool_height, tested.pool_width,
                     tested.norm ? "with" : "no", tested.dropout);
}

/// Channels that fill vectors and that do not; windows that divide the image and that do not.
const std::vector<Case>& cases() {
  static const std::vector<Case> list{{32, 8, 6, 2, 2, true, 0.3},   {19, 7, 9, 2, 3, true, 0.3},
                                      {128, 1, 91, 1, 2, true, 0.2}, {16, 1, 70, 1, 1, true, 0},
                                      {5, 9, 7, 3, 2, false, 0.4},   {33, 1, 12, 1, 2, false, 0.3},
                                      {48, 5, 5, 1, 1, false, 0.0},  {3, 40, 30, 2, 2, true, 0}};
  return list;
}

BatchNorm make_norm(std::int64_t channels) {
  return {
      .weight =
          (at::rand({channels}) + 0.5 - 1.0 * (at::rand({channels}) < 0.3)).set_requires_grad(true),
      .bias = at::randn({channels}).set_requires_grad(true),
      .running_mean = at::zeros({channels}),
      .running_variance = at::ones({channels})};
}

BatchNorm copy_of(const BatchNorm& norm, at::ScalarType type) {
  const auto copy = [&](const at::Tensor& tensor) { return tensor.detach().to(type).clone(); };
  BatchNorm result = norm;
  result.weight = copy(norm.weight).set_requires_grad(true);
  result.bias = copy(norm.bias).set_requires_grad(true);
  result.running_mean = copy(norm.running_mean);
  result.running_variance = copy(norm.running_variance);
  return result;
}

/// The parts one by one, in float64.
at::Tensor one_by_one(const at::Tensor& values, const FusedParts& parts,
                      const ForwardContext& context) {
  at::Tensor result = relu_max_pool(values, parts.pool_height, parts.pool_width);
  if (parts.norm != nullptr) result = parts.norm->forward(result, context);
  return dropout(result, parts.dropout, parts.dropout_layer, context);
}

void expect_same_as_parts(const Case& tested, at::ScalarType type, bool narrow, double tolerance) {
  at::manual_seed(11);
  const std::vector<std::int64_t> where = positions(3);
  const ForwardContext context{.training = true, .seed = 4, .epoch = 2, .positions = where};
  BatchNorm norm = make_norm(tested.channels);
  BatchNorm reference_norm = copy_of(norm, at::kDouble);
  FusedParts parts{.pool_height = tested.pool_height,
                   .pool_width = tested.pool_width,
                   .norm = tested.norm ? &norm : nullptr,
                   .dropout = tested.dropout,
                   .dropout_layer = 3,
                   .narrow = narrow};
  FusedParts reference_parts = parts;
  if (tested.norm) reference_parts.norm = &reference_norm;
  at::Tensor values = at::randn({3, tested.channels, tested.height, tested.width})
                          .contiguous(at::MemoryFormat::ChannelsLast)
                          .to(type)
                          .set_requires_grad(true);
  at::Tensor reference = values.detach().to(at::kDouble).set_requires_grad(true);
  ASSERT_TRUE(can_fuse(values, parts, context));

  const at::Tensor found = fused_parts(values, parts, context);
  const at::Tensor expected = one_by_one(reference, reference_parts, context);
  EXPECT_EQ(found.scalar_type(), narrow ? at::kBFloat16 : at::kFloat);
  EXPECT_TRUE(found.is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_LT(deviation(found, expected), tolerance);
  const at::Tensor direction = at::randn(found.sizes()).to(found.scalar_type());
  (found.to(at::kFloat) * direction).sum().backward();
  (expected * direction.to(at::kDouble)).sum().backward();
  ASSERT_EQ(values.grad().scalar_type(), type);
  EXPECT_LT(deviation(values.grad(), reference.grad()), tolerance);
  if (!tested.norm) return;
  EXPECT_LT(deviation(norm.weight.grad(), reference_norm.weight.grad()), tolerance);
  EXPECT_LT(deviation(norm.bias.grad(), reference_norm.bias.grad()), tolerance);
  EXPECT_LT(deviation(norm.running_mean, reference_norm.running_mean), 1e-6);
  EXPECT_LT(deviation(norm.running_variance, reference_norm.running_variance), 1e-6);
}

TEST(FusedParts, EqualThePartsOneByOne) {
  for (const Case& tested : cases()) {
    SCOPED_TRACE(name_of(tested));
    // Rounding of sums of a few hundred float32 numbers.
    expect_same_as_parts(tested, at::kFloat, false, 5e-6);
  }
}

TEST(FusedParts, OfBfloat16EqualThePartsOfTheSameNumbers) {
  for (const Case& tested : cases()) {
    for (const bool narrow : {false, true}) {
      SCOPED_TRACE(name_of(tested) + (narrow ? ", to bfloat16" : ""));
      // The gradient is rounded to bfloat16, by up to 2^-9 of itself.
      expect_same_as_parts(tested, at::kBFloat16, narrow, 0x1p-8);
    }
  }
}

TEST(FusedParts, DoNotDependOnTheNumberOfThreads) {
  const int before = at::get_num_threads();
  const auto results = [](int threads) {
    at::set_num_threads(threads);
    at::manual_seed(1);
    const std::vector<std::int64_t> where = positions(5);
    const ForwardContext context{.training = true, .seed = 4, .positions = where};
    BatchNorm norm = make_norm(24);
    const FusedParts parts{.pool_height = 2, .pool_width = 2, .norm = &norm, .dropout = 0.3};
    at::Tensor values = at::randn({5, 24, 22, 30}).set_requires_grad(true);
    const at::Tensor output = fused_parts(values, parts, context);
    output.square().sum().backward();
    return std::vector<at::Tensor>{output, values.grad(), norm.weight.grad(),
                                   norm.running_variance};
  };
  const auto one = results(1);
  const auto three = results(3);
  at::set_num_threads(before);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(at::equal(one[i], three[i])) << i;
}

TEST(FusedParts, LeaveNoTraceOfARankWithoutSamples) {
  const std::vector<std::int64_t> where = positions(1);
  const ForwardContext context{.training = true, .positions = where, .has_samples = false};
  at::Tensor values = at::randn({1, 4, 1, 6}).set_requires_grad(true);
  fused_parts(values, {.pool_width = 2, .dropout = 0.2}, context).sum().backward();
  EXPECT_EQ(largest(values.grad()), 0);
}

TEST(FusedParts, PassANanOn) {
  const std::vector<std::int64_t> where = positions(1);
  const ForwardContext context{.training = true, .positions = where};
  at::Tensor values = at::randn({1, 20, 4, 4});
  values[0][7][1][2] = NAN;
  for (const int pool : {1, 2}) {
    EXPECT_TRUE(relu_max_pool(values, pool, pool).isnan().any().item<bool>());
    const FusedParts parts{.pool_height = pool, .pool_width = pool};
    EXPECT_TRUE(fused_parts(values, parts, context).isnan().any().item<bool>());
  }
}

TEST(FusedConvolution, EqualsTheConvolutionAndItsParts) {
  for (const std::int64_t kernel : {1, 3, 5}) {
    for (const int padding : {0, static_cast<int>(kernel / 2)}) {
      SCOPED_TRACE(fmt::format("kernel {}, padding {}", kernel, padding));
      at::manual_seed(12);
      const std::vector<std::int64_t> where = positions(3);
      const ForwardContext context{.training = true, .seed = 4, .positions = where};
      BatchNorm norm = make_norm(21);
      BatchNorm reference_norm = copy_of(norm, at::kDouble);
      FusedParts parts{.pool_height = 2, .pool_width = 2, .norm = &norm, .dropout = 0.3};
      FusedParts reference_parts = parts;
      reference_parts.norm = &reference_norm;
      const at::Tensor image = at::randn({3, 1, 15, 26});
      FirstConvolution convolution{
          .weight = at::randn({21, 1, kernel, kernel}).set_requires_grad(true),
          .bias = at::randn({21}).set_requires_grad(true),
          .padding = padding};
      const at::Tensor weight = convolution.weight.detach().to(at::kDouble).set_requires_grad(true);
      const at::Tensor bias = convolution.bias.detach().to(at::kDouble).set_requires_grad(true);
      ASSERT_TRUE(can_fuse(image, convolution, parts, context));

      const at::Tensor found = fused_convolution(image, convolution, parts, context);
      const at::Tensor expected = one_by_one(
          at::conv2d(image.to(at::kDouble), weight, bias, 1, padding), reference_parts, context);
      EXPECT_LT(deviation(found, expected), 5e-6);
      const at::Tensor direction = at::randn(found.sizes());
      (found * direction).sum().backward();
      (expected * direction.to(at::kDouble)).sum().backward();
      EXPECT_LT(deviation(convolution.weight.grad(), weight.grad()), 2e-5);
      EXPECT_LT(deviation(convolution.bias.grad(), bias.grad()), 2e-5);
      EXPECT_LT(deviation(norm.weight.grad(), reference_norm.weight.grad()), 2e-5);
      EXPECT_LT(deviation(norm.bias.grad(), reference_norm.bias.grad()), 2e-5);
    }
  }
}

/// Logits and gradients of a step of a network.
std::vector<at::Tensor> step_of(const ModelConfig& config, bool fast, bool autocast) {
  at::manual_seed(6);
  Classifier model(config, {22, 18}, 5, 7);
  const at::Tensor features = at::randn({4, 22, 18});
  const std::vector<std::int64_t> where = positions(4);
  const ForwardContext context{
      .training = true, .seed = 3, .positions = where, .fast_kernels = fast};
  at::Tensor logits;
  {
    const Autocast narrow(autocast, at::kCPU);
    logits = model.forward(features, context).to(at::kFloat);
  }
  at::log_softmax(logits, 1).select(1, 2).sum().backward();
  std::vector<at::Tensor> result{logits.detach()};
  for (const NamedTensor& entry : model.parameters()) result.push_back(entry.tensor.grad());
  for (const NamedTensor& entry : model.buffers()) result.push_back(entry.tensor);
  return result;
}

at::Tensor joined(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> flat;
  for (const at::Tensor& tensor : tensors) flat.push_back(tensor.flatten());
  return at::cat(flat);
}

TEST(FastKernels, GiveWhatTheOperationsOneByOneGive) {
  for (const char* yaml :
       {"conv: [{filters: 8, kernel: 3, pool: 2}, {filters: 20, kernel: 3, pool: 2}]\n"
        "lstm: {hidden: 8}",
        "conv_dimensions: 1\nconv: [{filters: 24, kernel: 5, pool: 1, padding: valid, dropout: 0},"
        " {filters: 12, kernel: 5, norm: none, padding: valid}]\nlstm: {hidden: 8}",
        "conv_dimensions: 1\nconv: [{filters: 24, kernel: 5, order: [activation, norm, dropout,"
        " pool]}]\nlstm: {hidden: 8, dropout: 0.3, recurrent_dropout: 0.3}"}) {
    SCOPED_TRACE(yaml);
    const ModelConfig config = parse_config<ModelConfig>(yaml, "fused");
    const auto fast = step_of(config, true, false);
    const auto slow = step_of(config, false, false);
    for (std::size_t i = 0; i < slow.size(); ++i) {
      // Relative to the largest of a tensor; a bias before batch norm has a gradient of rounding.
      EXPECT_LT(largest(fast[i] - slow[i]), 2e-5 * std::max(1.0, largest(slow[i]))) << i;
    }
    const at::Tensor narrow = joined(step_of(config, true, true));
    const at::Tensor wide = joined(slow);
    // bfloat16 products are off by up to 2^-9 each, and another pixel may be the largest.
    EXPECT_GT((wide.dot(narrow) / (wide.norm() * narrow.norm())).item<double>(), 0.99);
  }
}

}  // namespace
}  // namespace parlando::train
