#include "train/model/fast_convolution.h"

#include <algorithm>
#include <vector>

#include <ATen/autocast_mode.h>

#include "train/kernels/winograd.h"

namespace parlando::train {
namespace {

ConvolutionShape shape_of(const at::Tensor& values, const at::Tensor& weight,
                          std::int64_t padding) {
  const auto size = [](const at::Tensor& tensor, std::int64_t dimension) {
    return static_cast<std::size_t>(tensor.size(dimension));
  };
  return {.inputs = size(weight, 1),
          .outputs = size(weight, 0),
          .taps = size(weight, 2),
          .frames = size(values, 3),
          .padding = static_cast<std::size_t>(padding)};
}

/// Samples of [batch, channels, 1, frames], channels-last.
struct Samples {
  explicit Samples(const at::Tensor& values)
      : data(values.mutable_data_ptr<float>()),
        size(static_cast<std::size_t>(values.size(1) * values.size(3))) {}

  float* at(std::int64_t sample) const { return data + static_cast<std::size_t>(sample) * size; }

  float* data;
  std::size_t size;
};

/// work(begin, end) for pieces of [0, count), side by side.
template <class Work>
void in_parallel(std::size_t count, const Work& work) {
  at::parallel_for(0, static_cast<std::int64_t>(count), 1, work);
}

/// `taps` [taps, inputs, outputs] of the shape.
at::Tensor convolve(const at::Tensor& values, const ConvolutionShape& shape, const at::Tensor& taps,
                    const float* bias) {
  const WinogradConvolution convolution(shape, taps.const_data_ptr<float>(), cpu_kernels());
  const at::Tensor result =
      at::empty({values.size(0), static_cast<std::int64_t>(shape.outputs), 1,
                 static_cast<std::int64_t>(shape.output_frames())},
                at::TensorOptions(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast));
  const Samples in(values), out(result);
  in_parallel(static_cast<std::size_t>(values.size(0)), [&](std::int64_t begin, std::int64_t end) {
    WinogradConvolution::Scratch scratch = convolution.make_scratch();
    for (std::int64_t n = begin; n < end; ++n) convolution.run(in.at(n), bias, out.at(n), scratch);
  });
  return result;
}

/// d weight [outputs, inputs, taps].
at::Tensor weight_gradient(const at::Tensor& values, const ConvolutionShape& shape,
                           const at::Tensor& output_gradient) {
  WinogradTapsGradient gradient(shape, cpu_kernels());
  const Samples in(values), out(output_gradient);
  const auto batch = static_cast<std::size_t>(values.size(0));
  for (std::size_t first = 0; first < batch; first += gradient.samples_at_once()) {
    const std::size_t count = std::min(gradient.samples_at_once(), batch - first);
    in_parallel(count, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t slot = begin; slot < end; ++slot) {
        const std::int64_t n = static_cast<std::int64_t>(first) + slot;
        gradient.take(static_cast<std::size_t>(slot), in.at(n), out.at(n));
      }
    });
    in_parallel(gradient.pieces(), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t piece = begin; piece < end; ++piece)
        gradient.add_products(count, static_cast<std::size_t>(piece));
    });
  }
  const at::Tensor taps =
      at::empty({static_cast<std::int64_t>(shape.taps), static_cast<std::int64_t>(shape.inputs),
                 static_cast<std::int64_t>(shape.outputs)},
                at::kFloat);
  gradient.finish(taps.mutable_data_ptr<float>());
  return taps.permute({2, 1, 0}).contiguous();
}

/// Sums over samples and frames, [outputs].
at::Tensor bias_gradient(const at::Tensor& output_gradient) {
  const std::int64_t batch = output_gradient.size(0);
  const auto channels = static_cast<std::size_t>(output_gradient.size(1));
  const auto frames = static_cast<std::size_t>(output_gradient.size(3));
  const std::vector<float> ones(frames, 1.0F);
  const at::Tensor sums = at::zeros({batch, output_gradient.size(1)}, at::kFloat);
  const Samples gradient(output_gradient);
  in_parallel(static_cast<std::size_t>(batch), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) {
      cpu_kernels().block.correlate(frames, channels, 1, ones.data(), 0, gradient.at(n),
                                    sums.mutable_data_ptr<float>() + n * output_gradient.size(1));
    }
  });
  return sums.sum(0, false, at::kDouble).to(at::kFloat);
}

class FastConvolutionFunction : public torch::autograd::Function<FastConvolutionFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& values,
                            const at::Tensor& weight, const at::Tensor& bias,
                            std::int64_t padding) {
    ctx->save_for_backward({values, weight});
    ctx->saved_data["padding"] = padding;
    return convolve(values, shape_of(values, weight, padding),
                    weight.permute({2, 1, 0}).contiguous(), bias.const_data_ptr<float>());
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx,
                                               torch::autograd::tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    const at::Tensor& values = saved[0];
    const at::Tensor& weight = saved[1];
    const ConvolutionShape shape = shape_of(values, weight, ctx->saved_data["padding"].toInt());
    const at::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor d_values, d_weight, d_bias;
    if (ctx->needs_input_grad(0)) {
      d_values = convolve(gradient, shape.backward(),
                          weight.flip(2).permute({2, 0, 1}).contiguous(), nullptr);
    }
    if (ctx->needs_input_grad(1)) d_weight = weight_gradient(values, shape, gradient);
    if (ctx->needs_input_grad(2)) d_bias = bias_gradient(gradient);
    return {d_values, d_weight, d_bias, at::Tensor()};
  }
};

}  // namespace

bool can_run_fast(const at::Tensor& values, const Convolution1d& convolution,
                  const ForwardContext& context) {
  return context.fast_kernels && context.training && values.is_cpu() &&
         values.scalar_type() == at::kFloat && !at::autocast::is_autocast_enabled(at::kCPU) &&
         can_filter(shape_of(values, convolution.weight, convolution.padding));
}

at::Tensor fast_convolution(const at::Tensor& values, const Convolution1d& convolution) {
  return FastConvolutionFunction::apply(values.contiguous(at::MemoryFormat::ChannelsLast),
                                        convolution.weight, convolution.bias.contiguous(),
                                        convolution.padding);
}

}  // namespace parlando::train
