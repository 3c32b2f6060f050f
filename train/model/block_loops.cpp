#include "train/model/block_loops.h"

#include <algorithm>

#include "train/torch.h"

namespace parlando::train {
namespace {

constexpr std::size_t kSumPixels = 64;  // summed in float32 before float64 takes over

/// work(sample) for all samples, by all threads.
template <class Work>
void over_samples(std::size_t batch, const Work& work) {
  at::parallel_for(0, static_cast<std::int64_t>(batch), 1,
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t n = begin; n < end; ++n) work(static_cast<std::size_t>(n));
                   });
}

/// add(first, count, sums of float32) for a few of `pixels` at a time; adds up in `sums`.
template <class Add>
void sum_pixels(std::size_t pixels, double* sums, std::vector<float>& partial, const Add& add) {
  for (std::size_t first = 0; first < pixels; first += kSumPixels) {
    std::ranges::fill(partial, 0.0F);
    add(first, std::min(kSumPixels, pixels - first), partial.data());
    for (std::size_t k = 0; k < partial.size(); ++k) sums[k] += static_cast<double>(partial[k]);
  }
}

std::vector<float> narrowed(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

/// The sums of all samples from those of each, in order.
std::vector<double> added_up(const std::vector<double>& of_samples, std::size_t width) {
  std::vector<double> sums(width, 0.0);
  for (std::size_t i = 0; i < of_samples.size(); ++i) sums[i % width] += of_samples[i];
  return sums;
}

}  // namespace

void BlockLoops::pool(const RowsOfSample& rows, const BlockValues& values,
                      std::vector<double>* moments) const {
  const PoolRow row = shape_.pool_row();
  const std::size_t channels = shape_.channels;
  std::vector<double> of_samples(moments == nullptr ? 0 : shape_.batch * 2 * channels, 0.0);
  over_samples(shape_.batch, [&](std::size_t n) {
    const RowsOf rows_of = rows(n);
    std::vector<float> partial(2 * channels);
    for (std::size_t y = 0; y < shape_.out_height(); ++y) {
      const std::size_t first = n * shape_.out_sample() + y * shape_.out_row();
      const Numbers pooled = values.pooled.at(first);
      kernels_.relu_pool(row, rows_of(y), pooled, values.winner + first);
      if (moments == nullptr) continue;
      sum_pixels(row.outputs, of_samples.data() + n * 2 * channels, partial,
                 [&](std::size_t pixel, std::size_t count, float* sums) {
                   kernels_.add_moments(count, channels, pooled.at(pixel * channels), sums,
                                        sums + channels);
                 });
    }
  });
  if (moments != nullptr) *moments = added_up(of_samples, 2 * channels);
}

void BlockLoops::scale_and_drop(const BlockValues& values, const std::vector<double>& scale,
                                const std::vector<double>& shift,
                                const std::function<void(std::size_t)>& draw,
                                Numbers output) const {
  const std::vector<float> own_scale = narrowed(scale);
  const std::vector<float> own_shift = narrowed(shift);
  over_samples(shape_.batch, [&](std::size_t n) {
    if (values.keep != nullptr) draw(n);
    const std::size_t first = n * shape_.out_sample();
    kernels_.scale_and_drop({.pixels = shape_.out_height() * shape_.out_width(),
                             .channels = shape_.channels,
                             .keep = values.keep == nullptr ? nullptr : values.keep + first},
                            values.pooled.at(first), own_scale.data(), own_shift.data(),
                            output.at(first));
  });
}

std::vector<double> BlockLoops::products(const BlockValues& values, Numbers gradient) const {
  const std::size_t channels = shape_.channels;
  std::vector<double> of_samples(shape_.batch * 2 * channels, 0.0);
  over_samples(shape_.batch, [&](std::size_t n) {
    std::vector<float> partial(2 * channels);
    sum_pixels(shape_.out_height() * shape_.out_width(), of_samples.data() + n * 2 * channels,
               partial, [&](std::size_t pixel, std::size_t count, float* sums) {
                 const std::size_t first = n * shape_.out_sample() + pixel * channels;
                 kernels_.add_products(
                     {.pixels = count,
                      .channels = channels,
                      .keep = values.keep == nullptr ? nullptr : values.keep + first},
                     gradient.at(first), values.pooled.at(first), sums, sums + channels);
               });
  });
  return added_up(of_samples, 2 * channels);
}

void BlockLoops::spread_row(const BlockValues& values, Numbers gradient,
                            const Coefficients& coefficients, std::size_t sample, std::size_t y,
                            Numbers out) const {
  const std::size_t first = sample * shape_.out_sample() + y * shape_.out_row();
  kernels_.spread(shape_.pool_row(), values.keep == nullptr ? nullptr : values.keep + first,
                  gradient.at(first), values.pooled.at(first), values.winner + first,
                  coefficients.a.data(), coefficients.b.data(), coefficients.c.data(), out);
}

}  // namespace parlando::train
