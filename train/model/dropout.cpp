#include "train/model/dropout.h"

#include <array>
#include <cmath>
#include <cstdint>

#include "common/core/error.h"
#include "common/core/multiversion.h"
#include "common/core/random.h"
#include "train/kernels/cpu_kernels.h"

namespace parlando::train {
namespace {

template <class T>
PARLANDO_MULTIVERSION void apply_mask(const T* __restrict input,
                                      const std::uint8_t* __restrict keep, T scale,
                                      std::size_t count, T* __restrict output) {
  for (std::size_t i = 0; i < count; ++i) output[i] = input[i] * (static_cast<T>(keep[i]) * scale);
}

/// Both passes are the same product with the same mask.
at::Tensor masked(const at::Tensor& input, const at::Tensor& keep, double scale) {
  if (!input.is_cpu()) return input * keep.to(input.scalar_type()) * scale;
  at::Tensor output = at::empty_like(input);
  const auto count = static_cast<std::size_t>(input.numel());
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "dropout", [&] {
    const scalar_t* in = input.const_data_ptr<scalar_t>();
    const std::uint8_t* mask = keep.const_data_ptr<std::uint8_t>();
    scalar_t* out = output.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, static_cast<std::int64_t>(count), 1 << 16,
                     [&](std::int64_t begin, std::int64_t end) {
                       apply_mask(in + begin, mask + begin, static_cast<scalar_t>(scale),
                                  static_cast<std::size_t>(end - begin), out + begin);
                     });
  });
  return output;
}

bool is_dense(const at::Tensor& tensor) {
  return tensor.is_contiguous() || tensor.is_contiguous(at::MemoryFormat::ChannelsLast);
}

class Dropout : public torch::autograd::Function<Dropout> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& input,
                            const at::Tensor& keep, double scale) {
    ctx->save_for_backward({keep});
    ctx->saved_data["scale"] = scale;
    return masked(input, keep, scale);
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx,
                                               torch::autograd::tensor_list gradients) {
    const at::Tensor keep = ctx->get_saved_variables()[0];
    at::Tensor gradient = gradients[0];
    if (gradient.strides() != keep.strides()) {
      gradient = at::empty_like(keep, gradient.options()).copy_(gradient);
    }
    return {masked(gradient, keep, ctx->saved_data["scale"].toDouble()), at::Tensor(),
            at::Tensor()};
  }
};

}  // namespace

KeepMasks::KeepMasks(double probability, int layer, std::int64_t samples,
                     const ForwardContext& context)
    : key_(stream_key(context.seed, "dropout")),
      layer_epoch_(static_cast<std::uint32_t>(context.epoch << 8) |
                   static_cast<std::uint32_t>(layer)),
      threshold_(static_cast<std::uint32_t>(std::llround(probability * 0x1.0p32))),
      positions_(context.positions) {
  if (static_cast<std::size_t>(samples) != positions_.size()) {
    fail(ErrorKind::internal, "dropout: {} samples but {} positions", samples, positions_.size());
  }
}

void KeepMasks::draw(std::int64_t sample, std::size_t count, std::uint8_t* keep) const {
  const auto position = static_cast<std::uint64_t>(positions_[static_cast<std::size_t>(sample)]);
  cpu_kernels().block.draw_keep({.key = {key_[0], key_[1]},
                                 .layer_epoch = layer_epoch_,
                                 .position = position,
                                 .threshold = threshold_},
                                count, keep);
}

at::Tensor dropout(const at::Tensor& input, double probability, int layer,
                   const ForwardContext& context) {
  if (!context.training || probability <= 0) return input;
  // A dense layer under autocast gives bfloat16.
  const at::Tensor wide = input.scalar_type() == at::kBFloat16 ? input.to(at::kFloat) : input;
  const at::Tensor dense = is_dense(wide) ? wide : wide.contiguous();
  const std::int64_t batch = dense.size(0);
  const KeepMasks masks(probability, layer, batch, context);
  const auto per_sample = static_cast<std::size_t>(dense.numel() / batch);
  at::Tensor keep = at::empty_like(dense, dense.options().dtype(at::kByte).device(at::kCPU));
  std::uint8_t* mask = keep.mutable_data_ptr<std::uint8_t>();
  at::parallel_for(0, batch, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      masks.draw(i, per_sample, mask + static_cast<std::size_t>(i) * per_sample);
  });
  return Dropout::apply(dense, keep.to(dense.device()), 1.0 / (1.0 - probability));
}

}  // namespace parlando::train
