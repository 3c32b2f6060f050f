#include "train/model/channel_sums.h"

#include <algorithm>
#include <cstddef>

#include "common/core/multiversion.h"

namespace parlando::train {
namespace {

constexpr std::size_t kBlockRows =
    64;  // summed in the tensor's own precision before float64 takes over
constexpr std::int64_t kChunkRows =
    4096;  // rows that one task sums; fixed, so that sums do not depend on threads

template <class T>
PARLANDO_MULTIVERSION void add_block(const T* __restrict a, const T* __restrict b, std::size_t rows,
                                     std::size_t channels, T* __restrict sum,
                                     T* __restrict product) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < channels; ++c) {
      sum[c] += a[r * channels + c];
      product[c] += a[r * channels + c] * b[r * channels + c];
    }
  }
}

template <class T>
void sum_chunk(const T* a, const T* b, std::size_t rows, std::size_t channels, double* out) {
  std::vector<T> partial(2 * channels);
  for (std::size_t r = 0; r < rows; r += kBlockRows) {
    std::fill(partial.begin(), partial.end(), T{0});
    add_block(a + r * channels, b + r * channels, std::min(kBlockRows, rows - r), channels,
              partial.data(), partial.data() + channels);
    for (std::size_t c = 0; c < 2 * channels; ++c) out[c] += static_cast<double>(partial[c]);
  }
}

template <class T>
PARLANDO_MULTIVERSION void combine_rows(const T* __restrict x, const T* __restrict y,
                                        const T* __restrict a, const T* __restrict b,
                                        const T* __restrict c, std::size_t rows,
                                        std::size_t channels, T* __restrict out) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t k = 0; k < channels; ++k) {
      out[r * channels + k] = a[k] * x[r * channels + k] + b[k] * y[r * channels + k] + c[k];
    }
  }
}

template <class T>
PARLANDO_MULTIVERSION void scale_rows(const T* __restrict x, const T* __restrict scale,
                                      const T* __restrict shift, std::size_t rows,
                                      std::size_t channels, T* __restrict out) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t k = 0; k < channels; ++k)
      out[r * channels + k] = x[r * channels + k] * scale[k] + shift[k];
  }
}

std::vector<double> sums_on_device(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor flat_a = a.flatten(0, -2).to(at::kDouble);
  const at::Tensor flat_b = b.flatten(0, -2).to(at::kDouble);
  const at::Tensor sums = at::cat({flat_a.sum(0), (flat_a * flat_b).sum(0)}).cpu();
  const double* data = sums.const_data_ptr<double>();
  return {data, data + sums.numel()};
}

}  // namespace

std::vector<double> channel_sums(const at::Tensor& a, const at::Tensor& b) {
  if (!a.is_cpu()) return sums_on_device(a, b);
  const auto channels = static_cast<std::size_t>(a.size(-1));
  const std::int64_t rows = a.numel() / a.size(-1);
  const std::int64_t chunks = (rows + kChunkRows - 1) / kChunkRows;
  std::vector<double> partial(static_cast<std::size_t>(chunks) * 2 * channels, 0.0);
  AT_DISPATCH_FLOATING_TYPES(a.scalar_type(), "channel_sums", [&] {
    const scalar_t* pa = a.const_data_ptr<scalar_t>();
    const scalar_t* pb = b.const_data_ptr<scalar_t>();
    at::parallel_for(0, chunks, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t first = i * kChunkRows;
        const auto count = static_cast<std::size_t>(std::min(kChunkRows, rows - first));
        const std::size_t offset = static_cast<std::size_t>(first) * channels;
        sum_chunk(pa + offset, pb + offset, count, channels,
                  partial.data() + static_cast<std::size_t>(i) * 2 * channels);
      }
    });
  });
  std::vector<double> sums(2 * channels, 0.0);
  for (std::size_t i = 0; i < partial.size(); ++i) sums[i % (2 * channels)] += partial[i];
  return sums;
}

at::Tensor scale_and_shift(const at::Tensor& rows, const at::Tensor& scale,
                           const at::Tensor& shift) {
  const at::Tensor own_scale = scale.to(rows.options());
  const at::Tensor own_shift = shift.to(rows.options());
  if (!rows.is_cpu()) return rows * own_scale + own_shift;
  at::Tensor out = at::empty_like(rows);
  const auto channels = static_cast<std::size_t>(rows.size(-1));
  AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "scale_and_shift", [&] {
    const scalar_t* x = rows.const_data_ptr<scalar_t>();
    const scalar_t* a = own_scale.const_data_ptr<scalar_t>();
    const scalar_t* b = own_shift.const_data_ptr<scalar_t>();
    scalar_t* y = out.mutable_data_ptr<scalar_t>();
    at::parallel_for(
        0, rows.numel() / rows.size(-1), kChunkRows, [&](std::int64_t begin, std::int64_t end) {
          const std::size_t offset = static_cast<std::size_t>(begin) * channels;
          scale_rows(x + offset, a, b, static_cast<std::size_t>(end - begin), channels, y + offset);
        });
  });
  return out;
}

at::Tensor combine(const at::Tensor& x, const at::Tensor& y, const at::Tensor& a,
                   const at::Tensor& b, const at::Tensor& c) {
  const at::Tensor own_a = a.to(x.options());
  const at::Tensor own_b = b.to(x.options());
  const at::Tensor own_c = c.to(x.options());
  if (!x.is_cpu()) return x * own_a + y * own_b + own_c;
  at::Tensor out = at::empty_like(x);
  const auto channels = static_cast<std::size_t>(x.size(-1));
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "combine", [&] {
    const scalar_t* px = x.const_data_ptr<scalar_t>();
    const scalar_t* py = y.const_data_ptr<scalar_t>();
    const scalar_t* pa = own_a.const_data_ptr<scalar_t>();
    const scalar_t* pb = own_b.const_data_ptr<scalar_t>();
    const scalar_t* pc = own_c.const_data_ptr<scalar_t>();
    scalar_t* po = out.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, x.numel() / x.size(-1), kChunkRows,
                     [&](std::int64_t begin, std::int64_t end) {
                       const std::size_t offset = static_cast<std::size_t>(begin) * channels;
                       combine_rows(px + offset, py + offset, pa, pb, pc,
                                    static_cast<std::size_t>(end - begin), channels, po + offset);
                     });
  });
  return out;
}

}  // namespace parlando::train
