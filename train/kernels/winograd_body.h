#pragma once

// The loops of WinogradKernels, compiled as cpu_kernels_body.h is and under the same rules.

#include "train/kernels/vectors.h"
#include "train/kernels/winograd_kernels.h"

namespace parlando::train {
namespace {

/// A linear map from `size` rows to the points. The points 1 and -1 have the same factors but for
/// the sign of the odd rows, so a pair of them shares its sums; so do 2 and -2, 1/2 and -1/2.
struct PointMap {
  int size = 8;
  float zero[8] = {};
  float pairs[3][8] = {};
  float infinity[8] = {};
};

constexpr PointMap kInputPoints{.size = 8,
                                .zero = {1, 0, -5.25F, 0, 5.25F, 0, -1, 0},
                                .pairs = {{0, 1, 1, -4.25F, -4.25F, 1, 1, 0},
                                          {0, 0.5F, 0.25F, -2.5F, -1.25F, 2, 1, 0},
                                          {0, 2, 4, -2.5F, -5, 0.5F, 1, 0}},
                                .infinity = {0, -1, 0, 5.25F, 0, -5.25F, 0, 1}};

/// The values at the points of a polynomial with `size` coefficients, those at pair i times
/// scale[i].
constexpr PointMap polynomial(int size, const float (&scale)[3]) {
  constexpr float kPoint[3] = {1, 2, 0.5F};
  PointMap map;
  map.size = size;
  map.zero[0] = 1;
  map.infinity[size - 1] = 1;
  for (int i = 0; i < 3; ++i) {
    float power = scale[i];
    for (int k = 0; k < size; ++k, power *= kPoint[i]) map.pairs[i][k] = power;
  }
  return map;
}

template <int Taps>
constexpr PointMap kFilterPoints = polynomial(Taps, {-2.0F / 9, 1.0F / 90, 32.0F / 45});
template <int Taps>
constexpr PointMap kOutputPoints = polynomial(9 - Taps, {1, 1, 1});

/// A sum of products with factors that the compiler knows: those with 0 or 1 cost nothing.
template <class Float>
struct Sum {
  Float value{};
  bool empty = true;

  inline void add(float factor, const Float& x) {
    if (factor == 0) return;
    const Float product = factor == 1 ? x : factor * x;
    value = empty ? product : value + product;
    empty = false;
  }
};

/// in [size] to out [8].
template <const PointMap& Map, class Float>
inline void to_points(const Float* in, Float* out) {
  Sum<Float> zero, infinity;
#pragma GCC unroll 8
  for (int k = 0; k < Map.size; ++k) {
    zero.add(Map.zero[k], in[k]);
    infinity.add(Map.infinity[k], in[k]);
  }
  out[0] = zero.value;
  out[7] = infinity.value;
#pragma GCC unroll 3
  for (int i = 0; i < 3; ++i) {
    Sum<Float> even, odd;
#pragma GCC unroll 8
    for (int k = 0; k < Map.size; ++k) (k % 2 == 0 ? even : odd).add(Map.pairs[i][k], in[k]);
    out[1 + 2 * i] = even.value + odd.value;
    out[2 + 2 * i] = even.value - odd.value;
  }
}

/// The transposed map: in [8] to out [size].
template <const PointMap& Map, class Float>
inline void from_points(const Float* in, Float* out) {
  Float even[3], odd[3];
#pragma GCC unroll 3
  for (int i = 0; i < 3; ++i) {
    even[i] = in[1 + 2 * i] + in[2 + 2 * i];
    odd[i] = in[1 + 2 * i] - in[2 + 2 * i];
  }
#pragma GCC unroll 8
  for (int k = 0; k < Map.size; ++k) {
    Sum<Float> sum;
    sum.add(Map.zero[k], in[0]);
#pragma GCC unroll 3
    for (int i = 0; i < 3; ++i) sum.add(Map.pairs[i][k], k % 2 == 0 ? even[i] : odd[i]);
    sum.add(Map.infinity[k], in[7]);
    out[k] = sum.value;
  }
}

/// work.operator()<Whole>(first, count) for all channels. The last whole vector overlaps the one
/// before where it has to: what is written twice is the same.
template <int Lanes, class Work>
[[gnu::always_inline]] inline void over_vectors(std::size_t channels, const Work& work) {
  if (channels < Lanes) {
    work.template operator()<false>(0, channels);
    return;
  }
  for (std::size_t first = 0; first + Lanes < channels; first += Lanes)
    work.template operator()<true>(first, Lanes);
  work.template operator()<true>(channels - Lanes, Lanes);
}

template <int Lanes, bool Whole>
inline typename Vectors<Lanes>::Float load_lanes(const float* from, std::size_t count) {
  using Float = typename Vectors<Lanes>::Float;
  return Whole ? load<Float>(from) : load_part<Float>(from, count);
}

template <int Lanes, bool Whole>
inline void store_lanes(const typename Vectors<Lanes>::Float& value, float* to, std::size_t count) {
  if (Whole) {
    store(value, to);
  } else {
    store_part(value, to, count);
  }
}

/// Reads `count` of the map's rows, the others being zero.
template <int Lanes, const PointMap& Map>
[[gnu::noinline]] void transform_to_points(std::size_t channels, std::size_t count, const float* in,
                                           std::size_t in_row, float* out, std::size_t out_point) {
  using Float = typename Vectors<Lanes>::Float;
  const auto work = [=]<bool Whole>(std::size_t c, std::size_t lanes)
      __attribute__((always_inline)) {
    Float rows[8] = {}, points[8];
#pragma GCC unroll 8
    for (std::size_t k = 0; k < std::size_t{Map.size}; ++k) {
      if (k < count) rows[k] = load_lanes<Lanes, Whole>(in + k * in_row + c, lanes);
    }
    to_points<Map>(rows, points);
#pragma GCC unroll 8
    for (std::size_t p = 0; p < 8; ++p)
      store_lanes<Lanes, Whole>(points[p], out + p * out_point + c, lanes);
  };
  over_vectors<Lanes>(channels, work);
}

/// Writes the first `count` rows, plus `bias` where there is one.
template <int Lanes, const PointMap& Map>
[[gnu::noinline]] void transform_from_points(std::size_t channels, const float* in,
                                             std::size_t in_point, const float* bias,
                                             std::size_t count, float* out, std::size_t out_row) {
  using Float = typename Vectors<Lanes>::Float;
  const auto work = [=]<bool Whole>(std::size_t c, std::size_t lanes)
      __attribute__((always_inline)) {
    Float points[8], rows[8];
#pragma GCC unroll 8
    for (std::size_t p = 0; p < 8; ++p)
      points[p] = load_lanes<Lanes, Whole>(in + p * in_point + c, lanes);
    from_points<Map>(points, rows);
    const Float shift = bias == nullptr ? Float{} : load_lanes<Lanes, Whole>(bias + c, lanes);
#pragma GCC unroll 8
    for (std::size_t k = 0; k < std::size_t{Map.size}; ++k) {
      if (k < count) store_lanes<Lanes, Whole>(rows[k] + shift, out + k * out_row + c, lanes);
    }
  };
  over_vectors<Lanes>(channels, work);
}

/// work.operator()<Taps>() for the number of taps given.
template <class Work>
inline void with_taps(std::size_t taps, const Work& work) {
  if (taps == 3) {
    work.template operator()<3>();
  } else if (taps == 4) {
    work.template operator()<4>();
  } else {
    work.template operator()<5>();
  }
}

template <int Lanes>
constexpr WinogradKernels winograd_kernels_of() {
  return {.input =
              [](std::size_t channels, const float* in, std::size_t in_row, float* out,
                 std::size_t out_point) {
                transform_to_points<Lanes, kInputPoints>(channels, 8, in, in_row, out, out_point);
              },
          .output =
              [](std::size_t taps, std::size_t channels, const float* in, std::size_t in_point,
                 const float* bias, std::size_t count, float* out, std::size_t out_row) {
                with_taps(taps, [&]<int Taps>() {
                  transform_from_points<Lanes, kOutputPoints<Taps>>(channels, in, in_point, bias,
                                                                    count, out, out_row);
                });
              },
          .output_gradient =
              [](std::size_t taps, std::size_t channels, std::size_t count, const float* in,
                 std::size_t in_row, float* out, std::size_t out_point) {
                with_taps(taps, [&]<int Taps>() {
                  transform_to_points<Lanes, kOutputPoints<Taps>>(channels, count, in, in_row, out,
                                                                  out_point);
                });
              },
          .filter =
              [](std::size_t taps, std::size_t channels, const float* in, std::size_t in_row,
                 float* out, std::size_t out_point) {
                with_taps(taps, [&]<int Taps>() {
                  transform_to_points<Lanes, kFilterPoints<Taps>>(channels, taps, in, in_row, out,
                                                                  out_point);
                });
              },
          .filter_gradient =
              [](std::size_t taps, std::size_t channels, const float* in, std::size_t in_point,
                 float* out, std::size_t out_row) {
                with_taps(taps, [&]<int Taps>() {
                  transform_from_points<Lanes, kFilterPoints<Taps>>(channels, in, in_point, nullptr,
                                                                    taps, out, out_row);
                });
              }};
}

}  // namespace
}  // namespace parlando::train
