#include "train/model/relu_max_pool.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "common/core/multiversion.h"
#include "train/kernels/cpu_kernels.h"

namespace parlando::train {
namespace {

constexpr std::uint8_t kNowhere = 255;  // the maximum is not positive: relu stops the gradient
constexpr std::size_t kLanes = 16;
constexpr int kLargestPool = 15;  // so that the pixels of a window are numbered in a byte

/// What the maxima of T are kept in.
template <class T>
using Wide = std::conditional_t<sizeof(T) == 2, float, T>;

inline float widened(at::BFloat16 value) {
  return std::bit_cast<float>(std::uint32_t{value.x} << 16);
}
inline float widened(float value) {
  return value;
}
inline double widened(double value) {
  return value;
}

template <class T>
inline T narrowed(Wide<T> value) {
  return value;
}
/// To the nearest, ties to even; no infinity is made of a number that is not one.
template <>
inline at::BFloat16 narrowed<at::BFloat16>(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
  const std::uint32_t quiet = (bits >> 16) | 0x40;
  const bool is_number = (bits & 0x7FFFFFFF) <= 0x7F800000;
  return {static_cast<std::uint16_t>(is_number ? rounded : quiet), at::BFloat16::from_bits()};
}

/// Maxima of `window` input pixels for up to kLanes channels, and which of the pixels it is.
/// A NaN stays one. Numbers are as wide as values until the end, so that the comparison vectorises.
template <class T>
inline void pool_lanes(const T* const* __restrict pixels, int window, std::size_t first,
                       std::size_t lanes, Wide<T>* __restrict out,
                       std::uint8_t* __restrict winner) {
  using Number = std::conditional_t<sizeof(T) <= 4, std::int32_t, std::int64_t>;
  Wide<T> best[kLanes] = {};
  Number number[kLanes];
  for (std::size_t c = 0; c < kLanes; ++c) number[c] = kNowhere;
  for (int k = 0; k < window; ++k) {
    const T* __restrict pixel = pixels[k] + first;
    for (std::size_t c = 0; c < lanes; ++c) {
      const Wide<T> value = widened(pixel[c]);
      const bool better = (value > best[c]) | (value != value);
      number[c] = better ? static_cast<Number>(k) : number[c];
      best[c] = better ? value : best[c];
    }
  }
  for (std::size_t c = 0; c < lanes; ++c) {
    out[first + c] = best[c];
    winner[first + c] = static_cast<std::uint8_t>(number[c]);
  }
}

template <class T>
PARLANDO_MULTIVERSION void pool_pixel(const T* const* __restrict pixels, int window,
                                      std::size_t channels, Wide<T>* __restrict out,
                                      std::uint8_t* __restrict winner) {
  std::size_t first = 0;
  for (; first + kLanes <= channels; first += kLanes)
    pool_lanes<T>(pixels, window, first, kLanes, out, winner);
  if (first < channels) pool_lanes<T>(pixels, window, first, channels - first, out, winner);
}

template <class T>
PARLANDO_MULTIVERSION void spread_pixel(const Wide<T>* __restrict gradient,
                                        const std::uint8_t* __restrict winner, int number,
                                        std::size_t channels, T* __restrict out) {
  for (std::size_t c = 0; c < channels; ++c) {
    out[c] = winner[c] == static_cast<std::uint8_t>(number) ? narrowed<T>(gradient[c]) : T{0};
  }
}

/// Shape of a pooling over channels-last images.
struct Geometry {
  std::int64_t batch, height, width, out_height, out_width;
  std::size_t channels;
  int pool_height, pool_width;

  Geometry(const at::Tensor& input, int window_height, int window_width)
      : batch(input.size(0)),
        height(input.size(2)),
        width(input.size(3)),
        out_height(height / window_height),
        out_width(width / window_width),
        channels(static_cast<std::size_t>(input.size(1))),
        pool_height(window_height),
        pool_width(window_width) {}

  int window() const { return pool_height * pool_width; }

  /// Offset of pixel k of the window of output (n, y, x).
  std::size_t input_offset(std::int64_t n, std::int64_t y, std::int64_t x, int k) const {
    const std::int64_t row =
        (n * height + y * pool_height + k / pool_width) * width + x * pool_width + k % pool_width;
    return static_cast<std::size_t>(row) * channels;
  }
  std::size_t output_offset(std::int64_t n, std::int64_t y, std::int64_t x) const {
    return static_cast<std::size_t>((n * out_height + y) * out_width + x) * channels;
  }
};

template <class T>
void pool_rows(const Geometry& g, const T* in, Wide<T>* out, std::uint8_t* winner,
               std::int64_t begin, std::int64_t end) {
  const int window = g.window();
  const T* pixels[kLargestPool * kLargestPool];
  for (std::int64_t row = begin; row < end; ++row) {
    for (std::int64_t x = 0; x < g.out_width; ++x) {
      const std::int64_t n = row / g.out_height;
      const std::int64_t y = row % g.out_height;
      for (int k = 0; k < window; ++k) pixels[k] = in + g.input_offset(n, y, x, k);
      const std::size_t o = g.output_offset(n, y, x);
      pool_pixel<T>(pixels, window, g.channels, out + o, winner + o);
    }
  }
}

template <class T>
void spread_rows(const Geometry& g, const Wide<T>* gradient, const std::uint8_t* winner, T* out,
                 std::int64_t begin, std::int64_t end) {
  for (std::int64_t row = begin; row < end; ++row) {
    for (std::int64_t x = 0; x < g.out_width; ++x) {
      const std::int64_t n = row / g.out_height;
      const std::int64_t y = row % g.out_height;
      const std::size_t o = g.output_offset(n, y, x);
      for (int k = 0; k < g.window(); ++k) {
        spread_pixel<T>(gradient + o, winner + o, k, g.channels, out + g.input_offset(n, y, x, k));
      }
    }
  }
}

class ReluMaxPool : public torch::autograd::Function<ReluMaxPool> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& input,
                            std::int64_t pool_height, std::int64_t pool_width) {
    const Geometry g(input, static_cast<int>(pool_height), static_cast<int>(pool_width));
    const std::vector<std::int64_t> shape{g.batch, static_cast<std::int64_t>(g.channels),
                                          g.out_height, g.out_width};
    const auto type = input.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
    at::Tensor out =
        at::empty(shape, input.options().dtype(type).memory_format(at::MemoryFormat::ChannelsLast));
    at::Tensor winner = at::empty(
        shape, out.options().dtype(at::kByte).memory_format(at::MemoryFormat::ChannelsLast));
    AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, input.scalar_type(), "relu_max_pool", [&] {
      const scalar_t* in = input.const_data_ptr<scalar_t>();
      Wide<scalar_t>* o = out.mutable_data_ptr<Wide<scalar_t>>();
      std::uint8_t* w = winner.mutable_data_ptr<std::uint8_t>();
      at::parallel_for(0, g.batch * g.out_height, 1, [&](std::int64_t begin, std::int64_t end) {
        pool_rows<scalar_t>(g, in, o, w, begin, end);
      });
    });
    ctx->save_for_backward({winner});
    ctx->saved_data["pool_height"] = pool_height;
    ctx->saved_data["pool_width"] = pool_width;
    ctx->saved_data["shape"] = input.sizes();
    ctx->saved_data["type"] = static_cast<std::int64_t>(input.scalar_type());
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx,
                                               torch::autograd::tensor_list gradients) {
    const at::Tensor winner = ctx->get_saved_variables()[0];
    const at::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const auto type = static_cast<at::ScalarType>(ctx->saved_data["type"].toInt());
    const auto options =
        gradient.options().dtype(type).memory_format(at::MemoryFormat::ChannelsLast);
    at::Tensor out = at::empty(ctx->saved_data["shape"].toIntVector(), options);
    const Geometry g(out, static_cast<int>(ctx->saved_data["pool_height"].toInt()),
                     static_cast<int>(ctx->saved_data["pool_width"].toInt()));
    // Pixels behind the last whole window belong to no output.
    if (g.height % g.pool_height != 0 || g.width % g.pool_width != 0) out.zero_();
    AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, type, "relu_max_pool_backward", [&] {
      const Wide<scalar_t>* d = gradient.const_data_ptr<Wide<scalar_t>>();
      const std::uint8_t* w = winner.const_data_ptr<std::uint8_t>();
      scalar_t* o = out.mutable_data_ptr<scalar_t>();
      at::parallel_for(0, g.batch * g.out_height, 1, [&](std::int64_t begin, std::int64_t end) {
        spread_rows<scalar_t>(g, d, w, o, begin, end);
      });
    });
    return {out, at::Tensor(), at::Tensor()};
  }
};

/// The maxima alone, which no gradient will ask for. float32 or bfloat16.
at::Tensor pool_without_gradient(const at::Tensor& input, int height, int width) {
  const Geometry g(input, height, width);
  const at::Tensor out =
      at::empty({g.batch, input.size(1), g.out_height, g.out_width},
                input.options().dtype(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast));
  const Numbers in{input.data_ptr(), input.scalar_type() == at::kBFloat16};
  const Numbers maxima{out.data_ptr()};
  const PoolRow row{.outputs = static_cast<std::size_t>(g.out_width),
                    .channels = g.channels,
                    .height = static_cast<std::size_t>(height),
                    .width = static_cast<std::size_t>(width),
                    .input_row = static_cast<std::size_t>(g.width) * g.channels};
  at::parallel_for(0, g.batch * g.out_height, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::uint8_t> winner(row.outputs * row.channels);
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t n = i / g.out_height, y = i % g.out_height;
      cpu_kernels().block.relu_pool(row, in.at(g.input_offset(n, y, 0, 0)),
                                    maxima.at(g.output_offset(n, y, 0)), winner.data());
    }
  });
  return out;
}

}  // namespace

at::Tensor relu_max_pool(const at::Tensor& input, int height, int width) {
  const bool nothing_to_pool = height == 1 && width == 1;
  if (nothing_to_pool || !input.is_cpu() || std::max(height, width) > kLargestPool) {
    const at::Tensor wide = input.scalar_type() == at::kBFloat16 ? input.to(at::kFloat) : input;
    return nothing_to_pool ? at::relu(wide) : at::relu(at::max_pool2d(wide, {height, width}));
  }
  const at::Tensor dense = input.contiguous(at::MemoryFormat::ChannelsLast);
  const bool differentiates = at::GradMode::is_enabled() && input.requires_grad();
  if (!differentiates && input.scalar_type() != at::kDouble)
    return pool_without_gradient(dense, height, width);
  return ReluMaxPool::apply(dense, height, width);
}

}  // namespace parlando::train
