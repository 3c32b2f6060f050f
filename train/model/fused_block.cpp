#include "train/model/fused_block.h"

#include <memory>
#include <optional>
#include <vector>

#include "train/model/block_loops.h"
#include "train/model/dropout.h"

namespace parlando::train {
namespace {

using Optional = std::optional<at::Tensor>;

Numbers numbers_of(const at::Tensor& tensor) {
  return {tensor.data_ptr(), tensor.scalar_type() == at::kBFloat16};
}

std::uint8_t* bytes_of(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.mutable_data_ptr<std::uint8_t>() : nullptr;
}

std::vector<double> doubles_of(const at::Tensor& tensor) {
  const float* data = tensor.const_data_ptr<float>();
  return {data, data + tensor.numel()};
}

at::Tensor channels_last(std::vector<std::int64_t> sizes, at::ScalarType type) {
  return at::empty(sizes, at::TensorOptions(type).memory_format(at::MemoryFormat::ChannelsLast));
}

/// A convolution of one channel, row by row.
struct ConvolutionRows {
  at::Tensor padded;  ///< [batch, 1, height + 2 padding, width + 2 padding]
  at::Tensor weight;  ///< [kernel^2, channels]
  at::Tensor bias;    ///< [channels]; undefined for the way back
  std::size_t kernel = 0;

  std::size_t width() const { return static_cast<std::size_t>(padded.size(3)); }
  const float* row(std::size_t sample, std::size_t y) const {
    const auto height = static_cast<std::size_t>(padded.size(2));
    return padded.const_data_ptr<float>() + (sample * height + y) * width();
  }
};

/// What a step's backward pass needs besides tensors.
struct BlockState : torch::CustomClassHolder {
  BlockShape shape;
  bool norm = false;
  std::vector<double> mean, inverse_deviation;
  double count = 0;
  StatisticsGroup group;
  double keep_scale = 1;  ///< of what dropout keeps
};

BlockLoops::RowsOfSample rows_in_memory(const BlockShape& shape, Numbers values) {
  return [shape, values](std::size_t sample) -> BlockLoops::RowsOf {
    return [shape, first = values.at(sample * shape.sample())](std::size_t y) {
      return first.at(y * shape.pool_height * shape.row());
    };
  };
}

BlockLoops::RowsOfSample rows_of(const BlockShape& shape, const ConvolutionRows& convolution) {
  return [&](std::size_t sample) -> BlockLoops::RowsOf {
    const auto scratch = std::make_shared<std::vector<float>>(shape.pool_height * shape.row());
    return [&, sample, scratch](std::size_t y) {
      for (std::size_t dy = 0; dy < shape.pool_height; ++dy) {
        cpu_kernels().block.convolve(
            shape.width, shape.channels, convolution.kernel,
            convolution.row(sample, y * shape.pool_height + dy), convolution.width(),
            convolution.weight.const_data_ptr<float>(), convolution.bias.const_data_ptr<float>(),
            scratch->data() + dy * shape.row());
      }
      return Numbers{scratch->data(), false};
    };
  };
}

/// Forward from the convolution's rows to the result; saves what backward needs.
at::Tensor run_forward(torch::autograd::AutogradContext* ctx,
                       const c10::intrusive_ptr<BlockState>& state,
                       const BlockLoops::RowsOfSample& rows, at::ScalarType type,
                       const FusedParts& parts, const ForwardContext& context,
                       const at::Tensor& padded) {
  const BlockShape& shape = state->shape;
  const std::vector<std::int64_t> sizes{
      static_cast<std::int64_t>(shape.batch), static_cast<std::int64_t>(shape.channels),
      static_cast<std::int64_t>(shape.out_height()), static_cast<std::int64_t>(shape.out_width())};
  const at::Tensor pooled = channels_last(sizes, type);
  const at::Tensor winner = channels_last(sizes, at::kByte);
  const bool drops = parts.dropout > 0;
  const at::Tensor keep = drops ? channels_last(sizes, at::kByte) : at::Tensor();
  const BlockValues values{numbers_of(pooled), bytes_of(winner), bytes_of(keep)};
  const BlockLoops loops(shape);
  std::vector<double> moments;
  loops.pool(rows, values, parts.norm == nullptr ? nullptr : &moments);

  state->group = {context.batch_norm_group, context.has_samples};
  state->keep_scale = drops ? 1.0 / (1.0 - parts.dropout) : 1.0;
  std::vector<double> scale(shape.channels, state->keep_scale), shift(shape.channels, 0.0);
  if (parts.norm != nullptr) {
    state->norm = true;
    const auto elements = static_cast<double>(shape.batch * shape.out_height() * shape.out_width());
    const BatchStatistics statistics(std::move(moments), elements, state->group);
    parts.norm->move(statistics);
    state->mean = statistics.mean;
    state->inverse_deviation = statistics.inverse_deviation(parts.norm->epsilon);
    state->count = statistics.count;
    const std::vector<double> weight = doubles_of(parts.norm->weight);
    const std::vector<double> bias = doubles_of(parts.norm->bias);
    for (std::size_t k = 0; k < shape.channels; ++k) {
      const double factor = weight[k] * state->inverse_deviation[k];
      scale[k] *= factor;
      shift[k] = state->keep_scale * (bias[k] - state->mean[k] * factor);
    }
  }
  at::Tensor output = channels_last(sizes, parts.narrow ? at::kBFloat16 : at::kFloat);
  std::optional<KeepMasks> masks;
  if (drops) masks.emplace(parts.dropout, parts.dropout_layer, sizes[0], context);
  loops.scale_and_drop(
      values, scale, shift,
      [&](std::size_t sample) {
        masks->draw(static_cast<std::int64_t>(sample), shape.out_sample(),
                    values.keep + sample * shape.out_sample());
      },
      numbers_of(output));
  ctx->save_for_backward(
      {pooled, winner, keep, parts.norm == nullptr ? at::Tensor() : parts.norm->weight, padded});
  ctx->saved_data["state"] = c10::IValue::make_capsule(state);
  return output;
}

/// The way back through dropout, norm and pooling.
struct BackwardPass {
  c10::intrusive_ptr<BlockState> state;
  at::Tensor pooled, winner, keep, weight, padded, gradient;
  BlockLoops::Coefficients coefficients;
  at::Tensor weight_gradient, bias_gradient;  ///< of batch norm

  BackwardPass(torch::autograd::AutogradContext* ctx, const at::Tensor& output_gradient)
      : state(c10::static_intrusive_pointer_cast<BlockState>(ctx->saved_data["state"].toCapsule())),
        gradient(output_gradient.contiguous(at::MemoryFormat::ChannelsLast)) {
    const auto saved = ctx->get_saved_variables();
    pooled = saved[0];
    winner = saved[1];
    keep = saved[2];
    weight = saved[3];
    padded = saved[4];
    const std::size_t channels = state->shape.channels;
    if (!state->norm) {
      const double scale = state->group.has_samples ? state->keep_scale : 0.0;
      coefficients.a.assign(channels, static_cast<float>(scale));
      coefficients.b.assign(channels, 0.0F);
      coefficients.c.assign(channels, 0.0F);
      return;
    }
    std::vector<double> sums = BlockLoops(state->shape).products(values(), numbers_of(gradient));
    for (double& sum : sums) sum *= state->keep_scale;
    const NormGradient norm(sums, doubles_of(weight), state->mean, state->inverse_deviation,
                            state->count, state->group);
    for (const double a : norm.a)
      coefficients.a.push_back(static_cast<float>(a * state->keep_scale));
    coefficients.b.assign(norm.b.begin(), norm.b.end());
    coefficients.c.assign(norm.c.begin(), norm.c.end());
    weight_gradient = torch::tensor(norm.weight, at::kFloat);
    bias_gradient = torch::tensor(norm.bias, at::kFloat);
  }

  BlockValues values() const { return {numbers_of(pooled), bytes_of(winner), bytes_of(keep)}; }

  void spread_row(std::size_t sample, std::size_t y, Numbers out) const {
    BlockLoops(state->shape)
        .spread_row(values(), numbers_of(gradient), coefficients, sample, y, out);
  }
};

BlockShape shape_of(at::IntArrayRef sizes, const FusedParts& parts) {
  const auto size = [&](std::size_t i) { return static_cast<std::size_t>(sizes[i]); };
  return {.batch = size(0),
          .height = size(2),
          .width = size(3),
          .channels = size(1),
          .pool_height = static_cast<std::size_t>(parts.pool_height),
          .pool_width = static_cast<std::size_t>(parts.pool_width)};
}

class FusedPartsFunction : public torch::autograd::Function<FusedPartsFunction> {
 public:
  /// The last two tensors are those of parts.norm, so that they get their gradients.
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& values,
                            const Optional&, const Optional&, const FusedParts& parts,
                            const ForwardContext& context) {
    const auto state = c10::make_intrusive<BlockState>();
    state->shape = shape_of(values.sizes(), parts);
    return run_forward(ctx, state, rows_in_memory(state->shape, numbers_of(values)),
                       values.scalar_type(), parts, context, {});
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx,
                                               torch::autograd::tensor_list gradients) {
    const BackwardPass pass(ctx, gradients[0]);
    const BlockShape& shape = pass.state->shape;
    at::Tensor result = channels_last(
        {static_cast<std::int64_t>(shape.batch), static_cast<std::int64_t>(shape.channels),
         static_cast<std::int64_t>(shape.height), static_cast<std::int64_t>(shape.width)},
        pass.pooled.scalar_type());
    // Pixels behind the last whole window belong to no output.
    if (shape.height % shape.pool_height != 0 || shape.width % shape.pool_width != 0)
      result.zero_();
    const auto rows = rows_in_memory(shape, numbers_of(result));
    at::parallel_for(
        0, static_cast<std::int64_t>(shape.batch), 1, [&](std::int64_t begin, std::int64_t end) {
          for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
            const auto row = rows(n);
            for (std::size_t y = 0; y < shape.out_height(); ++y) pass.spread_row(n, y, row(y));
          }
        });
    return {result, pass.weight_gradient, pass.bias_gradient, at::Tensor(), at::Tensor()};
  }
};

/// Gradients of weight [kernel^2, channels] and bias [channels] of a convolution of one channel.
std::pair<at::Tensor, at::Tensor> convolution_gradients(const BackwardPass& pass,
                                                        std::size_t kernel) {
  const BlockShape& shape = pass.state->shape;
  const BlockKernels& kernels = cpu_kernels().block;
  const ConvolutionRows rows{.padded = pass.padded, .weight = {}, .bias = {}, .kernel = kernel};
  const auto taps = static_cast<std::int64_t>(kernel * kernel);
  const auto channels = static_cast<std::int64_t>(shape.channels);
  const auto batch = static_cast<std::int64_t>(shape.batch);
  const at::Tensor weights = at::zeros({batch, taps, channels}, at::kFloat);
  const at::Tensor biases = at::zeros({batch, channels}, at::kFloat);
  const std::size_t width = shape.out_width() * shape.pool_width;
  const std::vector<float> ones(width, 1.0F);
  at::parallel_for(0, batch, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> scratch(shape.pool_height * shape.row());
    for (std::int64_t n = begin; n < end; ++n) {
      const auto sample = static_cast<std::size_t>(n);
      float* weight = weights.mutable_data_ptr<float>() + n * taps * channels;
      float* bias = biases.mutable_data_ptr<float>() + n * channels;
      for (std::size_t y = 0; y < shape.out_height(); ++y) {
        pass.spread_row(sample, y, {scratch.data(), false});
        for (std::size_t dy = 0; dy < shape.pool_height; ++dy) {
          const float* gradient = scratch.data() + dy * shape.row();
          kernels.correlate(width, shape.channels, kernel,
                            rows.row(sample, y * shape.pool_height + dy), rows.width(), gradient,
                            weight);
          kernels.correlate(width, shape.channels, 1, ones.data(), 0, gradient, bias);
        }
      }
    }
  });
  return {weights.sum(0, false, at::kDouble).to(at::kFloat),
          biases.sum(0, false, at::kDouble).to(at::kFloat)};
}

class FusedConvolutionFunction : public torch::autograd::Function<FusedConvolutionFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& image,
                            const at::Tensor& weight, const at::Tensor& bias, const Optional&,
                            const Optional&, std::int64_t padding, const FusedParts& parts,
                            const ForwardContext& context) {
    const std::int64_t channels = weight.size(0);
    const std::int64_t kernel = weight.size(2);
    const ConvolutionRows convolution{
        .padded = at::constant_pad_nd(image, {padding, padding, padding, padding}).contiguous(),
        .weight = weight.reshape({channels, kernel * kernel}).t().contiguous(),
        .bias = bias.contiguous(),
        .kernel = static_cast<std::size_t>(kernel)};
    const auto state = c10::make_intrusive<BlockState>();
    state->shape = shape_of({image.size(0), channels, image.size(2) + 2 * padding - kernel + 1,
                             image.size(3) + 2 * padding - kernel + 1},
                            parts);
    ctx->saved_data["kernel"] = kernel;
    return run_forward(ctx, state, rows_of(state->shape, convolution),
                       parts.narrow ? at::kBFloat16 : at::kFloat, parts, context,
                       convolution.padded);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx,
                                               torch::autograd::tensor_list gradients) {
    const BackwardPass pass(ctx, gradients[0]);
    const std::int64_t kernel = ctx->saved_data["kernel"].toInt();
    const auto [weight, bias] = convolution_gradients(pass, static_cast<std::size_t>(kernel));
    return {at::Tensor(),
            weight.t().reshape({weight.size(1), 1, kernel, kernel}),
            bias,
            pass.weight_gradient,
            pass.bias_gradient,
            at::Tensor(),
            at::Tensor(),
            at::Tensor()};
  }
};

Optional weight_of(const FusedParts& parts) {
  return parts.norm == nullptr ? std::nullopt : Optional(parts.norm->weight);
}

Optional bias_of(const FusedParts& parts) {
  return parts.norm == nullptr ? std::nullopt : Optional(parts.norm->bias);
}

}  // namespace

bool can_fuse(const at::Tensor& values, const FusedParts& parts, const ForwardContext& context) {
  const at::ScalarType type = values.scalar_type();
  const auto window = static_cast<std::size_t>(parts.pool_height * parts.pool_width);
  // A frozen norm uses its moving statistics.
  const bool norm_trains = parts.norm == nullptr || parts.norm->weight.requires_grad();
  return context.fast_kernels && context.training && values.is_cpu() &&
         (type == at::kFloat || type == at::kBFloat16) && norm_trains &&
         window <= BlockKernels::kLargestWindow;
}

at::Tensor fused_parts(const at::Tensor& values, const FusedParts& parts,
                       const ForwardContext& context) {
  return FusedPartsFunction::apply(values.contiguous(at::MemoryFormat::ChannelsLast),
                                   weight_of(parts), bias_of(parts), parts, context);
}

bool can_fuse(const at::Tensor& image, const FirstConvolution& convolution, const FusedParts& parts,
              const ForwardContext& context) {
  return image.size(1) == 1 && image.scalar_type() == at::kFloat && !image.requires_grad() &&
         convolution.weight.size(2) == convolution.weight.size(3) &&
         can_fuse(image, parts, context);
}

at::Tensor fused_convolution(const at::Tensor& image, const FirstConvolution& convolution,
                             const FusedParts& parts, const ForwardContext& context) {
  return FusedConvolutionFunction::apply(image, convolution.weight, convolution.bias,
                                         weight_of(parts), bias_of(parts),
                                         std::int64_t{convolution.padding}, parts, context);
}

}  // namespace parlando::train
