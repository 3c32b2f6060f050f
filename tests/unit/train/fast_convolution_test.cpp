// Convolutions by minimal filtering against libtorch's in float64.

#include "train/model/fast_convolution.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "train/kernels/winograd.h"
#include "train/run/autocast.h"

namespace parlando::train {
namespace {

/// Of the largest error, relative to the largest number expected. The transforms multiply by up to
/// 21/4 and cancel, which makes errors two to three times those of float32 sums by the definition:
/// 2.5e-6 at the most for the convolutions of the reference networks (128 to 187 channels, 5 taps).
constexpr double kTolerance = 5e-6;

struct Case {
  std::int64_t batch, inputs, outputs, taps, frames, padding;
};

std::string name_of(const Case& c) {
  return fmt::format("{} x {} channels to {}, {} taps, {} frames, padding {}", c.batch, c.inputs,
                     c.outputs, c.taps, c.frames, c.padding);
}

const std::vector<Case>& cases() {
  static const std::vector<Case> list{
      {2, 121, 128, 5, 40, 0},  // the layers of the reference networks, over fewer frames
      {2, 187, 128, 5, 31, 2}, {3, 128, 128, 5, 44, 0}, {1, 1, 1, 5, 5, 0},  // one output
      {1, 3, 2, 5, 1, 2},                                                    // one frame
      {2, 5, 33, 5, 6, 4},  // the most padding; fewer channels than a vector, then a panel and one
      {2, 17, 7, 5, 9, 2},  // a last tile of one output
      {2, 16, 31, 5, 300, 0},  // more tiles than are summed at once
      {7, 9, 40, 5, 130, 2},   // several groups of samples, the last one smaller
      {2, 300, 20, 5, 20, 2},  // more channels than a block of a product holds
      {3, 20, 19, 3, 25, 1},   {2, 64, 48, 3, 33, 0},   {2, 20, 19, 4, 26, 0},
      {2, 13, 50, 4, 21, 2}};
  return list;
}

at::Tensor channels_last(const at::Tensor& tensor) {
  return tensor.contiguous(at::MemoryFormat::ChannelsLast);
}

double deviation(const at::Tensor& found, const at::Tensor& expected) {
  EXPECT_EQ(found.sizes(), expected.sizes());
  return ((found.to(at::kDouble) - expected).abs().max() / expected.abs().max()).item<double>();
}

/// A convolution, its input and a direction for its gradients, in float32, and what they give in
/// float64.
struct Expected {
  explicit Expected(const Case& c) {
    at::manual_seed(8);
    values = channels_last(at::randn({c.batch, c.inputs, 1, c.frames})).set_requires_grad(true);
    convolution = {.weight = at::randn({c.outputs, c.inputs, c.taps}).set_requires_grad(true),
                   .bias = at::randn({c.outputs}).set_requires_grad(true),
                   .padding = c.padding};
    const auto wide = [](const at::Tensor& tensor) {
      return tensor.detach().to(at::kDouble).contiguous().set_requires_grad(true);
    };
    const at::Tensor in = wide(values), weight = wide(convolution.weight),
                     bias = wide(convolution.bias);
    output = at::conv1d(in.squeeze(2), weight, bias, 1, c.padding).unsqueeze(2);
    direction = channels_last(at::randn(output.sizes()));
    (output * direction.to(at::kDouble)).sum().backward();
    output = output.detach();
    d_values = in.grad();
    d_weight = weight.grad();
    d_bias = bias.grad();
  }

  at::Tensor values, direction;
  Convolution1d convolution;
  at::Tensor output, d_values, d_weight, d_bias;
};

/// Every instruction set that this processor can run.
class WinogradKernelSets : public testing::TestWithParam<const CpuKernels*> {};

TEST_P(WinogradKernelSets, ConvolveAsLibtorchDoes) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(name_of(c));
    const Expected expected(c);
    const auto size = [](std::int64_t number) { return static_cast<std::size_t>(number); };
    const ConvolutionShape shape{.inputs = size(c.inputs),
                                 .outputs = size(c.outputs),
                                 .taps = size(c.taps),
                                 .frames = size(c.frames),
                                 .padding = size(c.padding)};
    ASSERT_TRUE(can_filter(shape));
    const at::Tensor taps = expected.convolution.weight.detach().permute({2, 1, 0}).contiguous();
    const WinogradConvolution convolution(shape, taps.const_data_ptr<float>(), *GetParam());
    WinogradConvolution::Scratch scratch = convolution.make_scratch();
    const at::Tensor output = channels_last(at::empty(expected.output.sizes(), at::kFloat));
    WinogradTapsGradient gradient(shape, *GetParam());
    for (std::int64_t n = 0; n < c.batch; ++n) {
      convolution.run(expected.values.const_data_ptr<float>() + n * c.inputs * c.frames,
                      expected.convolution.bias.const_data_ptr<float>(),
                      output.mutable_data_ptr<float>() + n * output.stride(0), scratch);
      gradient.take(0, expected.values.const_data_ptr<float>() + n * c.inputs * c.frames,
                    expected.direction.const_data_ptr<float>() + n * output.stride(0));
      for (std::size_t i = 0; i < gradient.pieces(); ++i) gradient.add_products(1, i);
    }
    const at::Tensor d_taps = at::empty_like(taps);
    gradient.finish(d_taps.mutable_data_ptr<float>());
    EXPECT_LT(deviation(output, expected.output), kTolerance);
    EXPECT_LT(deviation(d_taps.permute({2, 1, 0}), expected.d_weight), kTolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, WinogradKernelSets, testing::ValuesIn([] {
                           const CpuKernelList list = runnable_cpu_kernels();
                           return std::vector<const CpuKernels*>(list.sets, list.sets + list.count);
                         }()),
                         [](const testing::TestParamInfo<const CpuKernels*>& tested) {
                           return std::string(tested.param->name);
                         });

const ForwardContext kTraining{.training = true};

TEST(FastConvolution, GivesLibtorchsOutputAndGradients) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(name_of(c));
    const Expected expected(c);
    ASSERT_TRUE(can_run_fast(expected.values, expected.convolution, kTraining));
    const at::Tensor output = fast_convolution(expected.values, expected.convolution);
    EXPECT_TRUE(output.is_contiguous(at::MemoryFormat::ChannelsLast));
    (output * expected.direction).sum().backward();
    EXPECT_LT(deviation(output, expected.output), kTolerance);
    EXPECT_LT(deviation(expected.values.grad(), expected.d_values), kTolerance);
    EXPECT_LT(deviation(expected.convolution.weight.grad(), expected.d_weight), kTolerance);
    EXPECT_LT(deviation(expected.convolution.bias.grad(), expected.d_bias), kTolerance);
  }
}

TEST(FastConvolution, DoesNotDependOnThreadsNorOnOtherSamples) {
  const int before = at::get_num_threads();
  const Expected tested(
      {.batch = 5, .inputs = 24, .outputs = 40, .taps = 5, .frames = 90, .padding = 2});
  const auto results = [&](int threads, std::int64_t first, std::int64_t count) {
    at::set_num_threads(threads);
    at::Tensor values =
        channels_last(tested.values.detach().narrow(0, first, count)).set_requires_grad(true);
    const at::Tensor weight = tested.convolution.weight.detach().set_requires_grad(true);
    const at::Tensor bias = tested.convolution.bias.detach().set_requires_grad(true);
    const at::Tensor output =
        fast_convolution(values, {.weight = weight, .bias = bias, .padding = 2});
    (output * tested.direction.narrow(0, first, count)).sum().backward();
    return std::vector<at::Tensor>{output, values.grad(), weight.grad(), bias.grad()};
  };
  const auto one = results(1, 0, 5);
  const auto three = results(3, 0, 5);
  const auto part = results(2, 3, 2);
  at::set_num_threads(before);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(at::equal(one[i], three[i])) << i;
  for (const std::size_t i : {0, 1}) EXPECT_TRUE(at::equal(one[i].narrow(0, 3, 2), part[i])) << i;
}

TEST(FastConvolution, GivesNoGradientToWhatTakesNone) {
  const Expected tested(cases().front());
  const Convolution1d frozen{.weight = tested.convolution.weight.detach(),
                             .bias = tested.convolution.bias};
  const at::Tensor values = tested.values.detach();
  (fast_convolution(values, frozen) * tested.direction).sum().backward();
  EXPECT_FALSE(values.grad().defined());
  EXPECT_FALSE(frozen.weight.grad().defined());
  EXPECT_LT(deviation(frozen.bias.grad(), tested.d_bias), kTolerance);
}

TEST(FastConvolution, IsForTrainingInFloat32WithThreeToFiveTaps) {
  const auto runs = [](const Case& c, const ForwardContext& context, at::ScalarType type) {
    return can_run_fast(at::zeros({c.batch, c.inputs, 1, c.frames}, type),
                        {.weight = at::zeros({c.outputs, c.inputs, c.taps}, type),
                         .bias = at::zeros({c.outputs}, type),
                         .padding = c.padding},
                        context);
  };
  const Case c{1, 4, 4, 5, 20, 2};
  EXPECT_TRUE(runs(c, kTraining, at::kFloat));
  EXPECT_FALSE(runs(c, kTraining, at::kDouble));
  EXPECT_FALSE(runs(c, {.training = false}, at::kFloat));
  EXPECT_FALSE(runs(c, {.training = true, .fast_kernels = false}, at::kFloat));
  for (const std::int64_t taps : {1, 2, 6, 7})
    EXPECT_FALSE(runs({1, 4, 4, taps, 20, 0}, kTraining, at::kFloat)) << taps;
  EXPECT_FALSE(runs({1, 4, 4, 5, 4, 0}, kTraining, at::kFloat));  // too short
  const Autocast narrow(true, at::kCPU);
  EXPECT_FALSE(runs(c, kTraining, at::kFloat));
}

}  // namespace
}  // namespace parlando::train
