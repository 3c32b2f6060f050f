#pragma once

// The loops of BlockKernels, compiled as cpu_kernels_body.h is and under the same rules.

#include "train/kernels/block_kernels.h"
#include "train/kernels/draw_keep_body.h"
#include "train/kernels/numbers_body.h"

namespace parlando::train {
namespace {

/// What dropout keeps of `value`.
template <int Lanes, bool Whole>
inline typename Vectors<Lanes>::Float kept(const typename Vectors<Lanes>::Float& value,
                                           const std::uint8_t* keep, std::size_t count) {
  if (keep == nullptr) return value;
  return load_bytes<Lanes, Whole>(keep, count) != 0 ? value : typename Vectors<Lanes>::Float{};
}

/// work.operator()<Whole>(first, count) for the channels, Lanes at a time.
template <int Lanes, class Work>
inline void over_channels(std::size_t channels, const Work& work) {
  std::size_t first = 0;
  for (; first + Lanes <= channels; first += Lanes)
    work.template operator()<true>(first, std::size_t{Lanes});
  if (first < channels) work.template operator()<false>(first, channels - first);
}

template <int Lanes, class In, class Out>
[[gnu::noinline]] void relu_pool_of(const PoolRow& row, const In* __restrict in,
                                    Out* __restrict out, std::uint8_t* __restrict winner) {
  using V = Vectors<Lanes>;
  const PoolRow r = row;
  for (std::size_t x = 0; x < r.outputs; ++x) {
    const In* window = in + x * r.width * r.channels;
    over_channels<Lanes>(r.channels, [&]<bool Whole>(std::size_t c, std::size_t count) {
      typename V::Float best{};
      typename V::Int number = typename V::Int{} + BlockKernels::kNowhere;
      std::int32_t k = 0;
      for (std::size_t dy = 0; dy < r.height; ++dy) {
        for (std::size_t dx = 0; dx < r.width; ++dx, ++k) {
          const auto value =
              load_numbers<Lanes, Whole>(window + dy * r.input_row + dx * r.channels + c, count);
          const typename V::Int better = (value > best) | (value != value);  // a NaN stays one
          number = better ? typename V::Int{} + k : number;
          best = better ? value : best;
        }
      }
      store_numbers<Lanes, Whole>(best, out + x * r.channels + c, count);
      store_bytes<Lanes, Whole>(number, winner + x * r.channels + c, count);
    });
  }
}

template <int Lanes, class Z>
[[gnu::noinline]] void add_moments_of(std::size_t pixels, std::size_t channels,
                                      const Z* __restrict z, float* __restrict sum,
                                      float* __restrict square) {
  over_channels<Lanes>(channels, [&]<bool Whole>(std::size_t c, std::size_t count) {
    typename Vectors<Lanes>::Float sums[2] = {}, squares[2] = {};
    std::size_t p = 0;
    for (; p + 2 <= pixels; p += 2) {
      for (std::size_t i = 0; i < 2; ++i) {
        const auto value = load_numbers<Lanes, Whole>(z + (p + i) * channels + c, count);
        sums[i] += value;
        squares[i] += value * value;
      }
    }
    if (p < pixels) {
      const auto value = load_numbers<Lanes, Whole>(z + p * channels + c, count);
      sums[0] += value;
      squares[0] += value * value;
    }
    store_numbers<Lanes, Whole>(load_numbers<Lanes, Whole>(sum + c, count) + (sums[0] + sums[1]),
                                sum + c, count);
    store_numbers<Lanes, Whole>(
        load_numbers<Lanes, Whole>(square + c, count) + (squares[0] + squares[1]), square + c,
        count);
  });
}

template <int Lanes, class Z, class Out>
[[gnu::noinline]] void scale_and_drop_of(const DroppedPixels& pixels, const Z* __restrict z,
                                         const float* __restrict scale,
                                         const float* __restrict shift, Out* __restrict out) {
  const DroppedPixels d = pixels;
  for (std::size_t p = 0; p < d.pixels; ++p) {
    over_channels<Lanes>(d.channels, [&]<bool Whole>(std::size_t c, std::size_t count) {
      const std::size_t i = p * d.channels + c;
      const auto value =
          load_numbers<Lanes, Whole>(z + i, count) * load_numbers<Lanes, Whole>(scale + c, count) +
          load_numbers<Lanes, Whole>(shift + c, count);
      const std::uint8_t* keep = d.keep == nullptr ? nullptr : d.keep + i;
      store_numbers<Lanes, Whole>(kept<Lanes, Whole>(value, keep, count), out + i, count);
    });
  }
}

template <int Lanes, class Gradient, class Z>
[[gnu::noinline]] void add_products_of(const DroppedPixels& pixels,
                                       const Gradient* __restrict gradient, const Z* __restrict z,
                                       float* __restrict sum, float* __restrict product) {
  const DroppedPixels d = pixels;
  over_channels<Lanes>(d.channels, [&]<bool Whole>(std::size_t c, std::size_t count) {
    typename Vectors<Lanes>::Float sums{}, products{};
    for (std::size_t p = 0; p < d.pixels; ++p) {
      const std::size_t i = p * d.channels + c;
      const auto g = kept<Lanes, Whole>(load_numbers<Lanes, Whole>(gradient + i, count),
                                        d.keep == nullptr ? nullptr : d.keep + i, count);
      sums += g;
      products += g * load_numbers<Lanes, Whole>(z + i, count);
    }
    store_numbers<Lanes, Whole>(load_numbers<Lanes, Whole>(sum + c, count) + sums, sum + c, count);
    store_numbers<Lanes, Whole>(load_numbers<Lanes, Whole>(product + c, count) + products,
                                product + c, count);
  });
}

template <int Lanes, class Gradient, class Z, class Out>
[[gnu::noinline]] void spread_of(const PoolRow& row, const std::uint8_t* __restrict keep,
                                 const Gradient* __restrict gradient, const Z* __restrict z,
                                 const std::uint8_t* __restrict winner, const float* __restrict a,
                                 const float* __restrict b, const float* __restrict c,
                                 Out* __restrict out) {
  using V = Vectors<Lanes>;
  const PoolRow r = row;
  for (std::size_t x = 0; x < r.outputs; ++x) {
    Out* window = out + x * r.width * r.channels;
    over_channels<Lanes>(r.channels, [&]<bool Whole>(std::size_t first, std::size_t count) {
      const std::size_t i = x * r.channels + first;
      const auto g = kept<Lanes, Whole>(load_numbers<Lanes, Whole>(gradient + i, count),
                                        keep == nullptr ? nullptr : keep + i, count);
      const auto value =
          g * load_numbers<Lanes, Whole>(a + first, count) +
          load_numbers<Lanes, Whole>(z + i, count) * load_numbers<Lanes, Whole>(b + first, count) +
          load_numbers<Lanes, Whole>(c + first, count);
      const typename V::Int number = load_bytes<Lanes, Whole>(winner + i, count);
      std::int32_t k = 0;
      for (std::size_t dy = 0; dy < r.height; ++dy) {
        for (std::size_t dx = 0; dx < r.width; ++dx, ++k) {
          store_numbers<Lanes, Whole>(number == k ? value : typename V::Float{},
                                      window + dy * r.input_row + dx * r.channels + first, count);
        }
      }
    });
  }
}

/// Pixels [first, first + Pixels) of BlockKernels::convolve.
template <int Lanes, int Pixels, bool Whole>
inline void convolve_pixels(std::size_t channels, std::size_t c, std::size_t count,
                            std::size_t kernel, const float* in, std::size_t in_row,
                            const float* weight, const float* bias, float* out) {
  typename Vectors<Lanes>::Float sums[Pixels];
  const auto start = load_numbers<Lanes, Whole>(bias + c, count);
#pragma GCC unroll 8
  for (int p = 0; p < Pixels; ++p) sums[p] = start;
  for (std::size_t ty = 0; ty < kernel; ++ty) {
    for (std::size_t tx = 0; tx < kernel; ++tx) {
      const auto w = load_numbers<Lanes, Whole>(weight + (ty * kernel + tx) * channels + c, count);
      const float* from = in + ty * in_row + tx;
#pragma GCC unroll 8
      for (int p = 0; p < Pixels; ++p) sums[p] += w * from[p];
    }
  }
#pragma GCC unroll 8
  for (std::size_t p = 0; p < Pixels; ++p)
    store_numbers<Lanes, Whole>(sums[p], out + p * channels + c, count);
}

template <int Lanes>
[[gnu::noinline]] void convolve_of(std::size_t pixels, std::size_t channels, std::size_t kernel,
                                   const float* __restrict in, std::size_t in_row,
                                   const float* __restrict weight, const float* __restrict bias,
                                   float* __restrict out) {
  over_channels<Lanes>(channels, [&]<bool Whole>(std::size_t c, std::size_t count) {
    std::size_t x = 0;
    for (; x + 8 <= pixels; x += 8) {
      convolve_pixels<Lanes, 8, Whole>(channels, c, count, kernel, in + x, in_row, weight, bias,
                                       out + x * channels);
    }
    for (; x < pixels; ++x) {
      convolve_pixels<Lanes, 1, Whole>(channels, c, count, kernel, in + x, in_row, weight, bias,
                                       out + x * channels);
    }
  });
}

/// The gradient of Taps weights that lie side by side.
template <int Lanes, int Taps, bool Whole>
inline void correlate_taps(std::size_t pixels, std::size_t channels, std::size_t count,
                           const float* in, const float* gradient, float* weight) {
  constexpr std::size_t kChains = 4;  // products that do not wait for each other
  typename Vectors<Lanes>::Float sums[kChains][Taps] = {};
  std::size_t x = 0;
  for (; x + kChains <= pixels; x += kChains) {
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kChains; ++i) {
      const auto g = load_numbers<Lanes, Whole>(gradient + (x + i) * channels, count);
#pragma GCC unroll 4
      for (std::size_t t = 0; t < Taps; ++t) sums[i][t] += g * in[x + i + t];
    }
  }
  for (; x < pixels; ++x) {
    const auto g = load_numbers<Lanes, Whole>(gradient + x * channels, count);
    for (std::size_t t = 0; t < Taps; ++t) sums[0][t] += g * in[x + t];
  }
#pragma GCC unroll 4
  for (std::size_t t = 0; t < Taps; ++t) {
    float* to = weight + t * channels;
    store_numbers<Lanes, Whole>(load_numbers<Lanes, Whole>(to, count) +
                                    ((sums[0][t] + sums[1][t]) + (sums[2][t] + sums[3][t])),
                                to, count);
  }
}

template <int Lanes>
[[gnu::noinline]] void correlate_of(std::size_t pixels, std::size_t channels, std::size_t kernel,
                                    const float* __restrict in, std::size_t in_row,
                                    const float* __restrict gradient, float* __restrict weight) {
  constexpr std::size_t kTaps = 3;
  over_channels<Lanes>(channels, [&]<bool Whole>(std::size_t c, std::size_t count) {
    for (std::size_t ty = 0; ty < kernel; ++ty) {
      const float* from = in + ty * in_row;
      float* to = weight + ty * kernel * channels + c;
      std::size_t tx = 0;
      for (; tx + kTaps <= kernel; tx += kTaps) {
        correlate_taps<Lanes, kTaps, Whole>(pixels, channels, count, from + tx, gradient + c,
                                            to + tx * channels);
      }
      for (; tx < kernel; ++tx) {
        correlate_taps<Lanes, 1, Whole>(pixels, channels, count, from + tx, gradient + c,
                                        to + tx * channels);
      }
    }
  });
}

template <int Lanes>
constexpr BlockKernels block_kernels_of() {
  return {
      .relu_pool =
          [](const PoolRow& row, Numbers in, Numbers out, std::uint8_t* winner) {
            with_type(in, [&]<class In>(In) {
              with_type(out, [&]<class Out>(Out) {
                relu_pool_of<Lanes>(row, as<In>(in), as<Out>(out), winner);
              });
            });
          },
      .add_moments =
          [](std::size_t pixels, std::size_t channels, Numbers z, float* sum, float* square) {
            with_type(z, [&]<class Z>(Z) {
              add_moments_of<Lanes>(pixels, channels, as<Z>(z), sum, square);
            });
          },
      .draw_keep = draw_keep_of<Lanes>,
      .scale_and_drop =
          [](const DroppedPixels& pixels, Numbers z, const float* scale, const float* shift,
             Numbers out) {
            with_type(z, [&]<class Z>(Z) {
              with_type(out, [&]<class Out>(Out) {
                scale_and_drop_of<Lanes>(pixels, as<Z>(z), scale, shift, as<Out>(out));
              });
            });
          },
      .add_products =
          [](const DroppedPixels& pixels, Numbers gradient, Numbers z, float* sum, float* product) {
            with_type(gradient, [&]<class Gradient>(Gradient) {
              with_type(z, [&]<class Z>(Z) {
                add_products_of<Lanes>(pixels, as<Gradient>(gradient), as<Z>(z), sum, product);
              });
            });
          },
      .spread =
          [](const PoolRow& row, const std::uint8_t* keep, Numbers gradient, Numbers z,
             const std::uint8_t* winner, const float* a, const float* b, const float* c,
             Numbers out) {
            with_type(gradient, [&]<class Gradient>(Gradient) {
              with_type(z, [&]<class Z>(Z) {
                with_type(out, [&]<class Out>(Out) {
                  spread_of<Lanes>(row, keep, as<Gradient>(gradient), as<Z>(z), winner, a, b, c,
                                   as<Out>(out));
                });
              });
            });
          },
      .convolve = convolve_of<Lanes>,
      .correlate = correlate_of<Lanes>};
}

}  // namespace
}  // namespace parlando::train
