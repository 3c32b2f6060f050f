#include "train/model/dropout.h"

#include <array>
#include <cmath>
#include <cstdint>

#include "common/core/error.h"
#include "common/core/multiversion.h"
#include "common/core/random.h"

namespace parlando::train {
namespace {

// 16 counters of 4 words are drawn side by side, so that the rounds vectorise.
constexpr std::size_t kLanes = 16;
constexpr std::size_t kGroup = 4 * kLanes;
using Lanes = std::array<std::uint32_t, kLanes>;

/// keep[i] = 1 with probability 1 - threshold / 2^32 for the i-th element of a sample. Element k of
/// a group of 64 is word k / 16 of counter group * 16 + k % 16.
PARLANDO_MULTIVERSION void draw_keep_mask(std::array<std::uint32_t, 2> key,
                                          std::uint32_t layer_epoch, std::uint64_t position,
                                          std::uint32_t threshold, std::size_t count,
                                          std::uint8_t* __restrict keep) {
  for (std::size_t base = 0; base < count; base += kGroup) {
    Lanes c0, c1, c2, c3;
    for (std::size_t i = 0; i < kLanes; ++i) {
      c0[i] = static_cast<std::uint32_t>(base / 4 + i);
      c1[i] = layer_epoch;
      c2[i] = static_cast<std::uint32_t>(position);
      c3[i] = static_cast<std::uint32_t>(position >> 32);
    }
    std::uint32_t k0 = key[0];
    std::uint32_t k1 = key[1];
    for (int round = 0; round < 10; ++round) {
      for (std::size_t i = 0; i < kLanes; ++i) {
        const std::uint64_t product0 = std::uint64_t{0xD2511F53} * c0[i];
        const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * c2[i];
        c0[i] = static_cast<std::uint32_t>(product1 >> 32) ^ c1[i] ^ k0;
        c2[i] = static_cast<std::uint32_t>(product0 >> 32) ^ c3[i] ^ k1;
        c1[i] = static_cast<std::uint32_t>(product1);
        c3[i] = static_cast<std::uint32_t>(product0);
      }
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    std::array<std::uint8_t, kGroup> bits;
    for (std::size_t i = 0; i < kLanes; ++i) {
      bits[i] = c0[i] >= threshold;
      bits[kLanes + i] = c1[i] >= threshold;
      bits[2 * kLanes + i] = c2[i] >= threshold;
      bits[3 * kLanes + i] = c3[i] >= threshold;
    }
    const std::size_t n = std::min(kGroup, count - base);
    for (std::size_t i = 0; i < n; ++i) keep[base + i] = bits[i];
  }
}

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

at::Tensor dropout(const at::Tensor& input, double probability, int layer,
                   const ForwardContext& context) {
  if (!context.training || probability <= 0) return input;
  // A dense layer under autocast gives bfloat16.
  const at::Tensor wide = input.scalar_type() == at::kBFloat16 ? input.to(at::kFloat) : input;
  const at::Tensor dense = is_dense(wide) ? wide : wide.contiguous();
  const std::int64_t batch = dense.size(0);
  if (static_cast<std::size_t>(batch) != context.positions.size()) {
    fail(ErrorKind::internal, "dropout: {} samples but {} positions", batch,
         context.positions.size());
  }
  const std::array<std::uint32_t, 2> key = stream_key(context.seed, "dropout");
  const auto layer_epoch =
      static_cast<std::uint32_t>(context.epoch << 8) | static_cast<std::uint32_t>(layer);
  const auto threshold = static_cast<std::uint32_t>(std::llround(probability * 0x1.0p32));
  const auto per_sample = static_cast<std::size_t>(dense.numel() / batch);
  at::Tensor keep = at::empty_like(dense, dense.options().dtype(at::kByte).device(at::kCPU));
  std::uint8_t* mask = keep.mutable_data_ptr<std::uint8_t>();
  at::parallel_for(0, batch, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      draw_keep_mask(key, layer_epoch,
                     static_cast<std::uint64_t>(context.positions[static_cast<std::size_t>(i)]),
                     threshold, per_sample, mask + static_cast<std::size_t>(i) * per_sample);
    }
  });
  return Dropout::apply(dense, keep.to(dense.device()), 1.0 / (1.0 - probability));
}

}  // namespace parlando::train
