#include "common/audio/extreme_kernels.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "common/core/multiversion.h"

// Everything is inlined into the one function that is compiled for several instruction sets.
#define PARLANDO_INLINE [[gnu::always_inline]] inline

namespace parlando::audio::kernels {
namespace {

using Floats [[gnu::vector_size(64)]] = float;
/// Non-negative floats by their bits, which have the order of their values.
using Lanes [[gnu::vector_size(64)]] = std::int32_t;

static_assert(sizeof(Lanes) == kExtremeColumns * sizeof(float));

/// Keeps the n extremes of each column sorted: a value moves past those that are more extreme and
/// pushes the others one place on, the last of them out.
template <std::size_t n, bool largest>
PARLANDO_INLINE void mean_of(const float* values, std::size_t rows, float* mean) {
  using Limits = std::numeric_limits<std::int32_t>;
  Lanes kept[n];
  for (Lanes& place : kept) place = Lanes{} + (largest ? Limits::min() : Limits::max());
  for (std::size_t row = 0; row < rows; ++row) {
    Lanes value;
    std::memcpy(&value, values + row * kExtremeColumns, sizeof value);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < n; ++i) {
      Lanes& place = kept[largest ? n - 1 - i : i];
      const Lanes low = place < value ? place : value;
      const Lanes high = place > value ? place : value;
      place = largest ? high : low;
      value = largest ? low : high;
    }
  }
  Floats sum{};
  for (const Lanes& place : kept) {
    Floats addend;
    std::memcpy(&addend, &place, sizeof addend);
    sum += addend;
  }
  sum /= static_cast<float>(n);
  std::memcpy(mean, &sum, sizeof sum);
}

template <std::size_t... index>
PARLANDO_INLINE void means_of(std::index_sequence<index...>, const float* values, std::size_t rows,
                              std::size_t n, float* of_smallest, float* of_largest) {
  const auto choose = [&]<std::size_t count>() __attribute__((always_inline)) {
    if (n != count) return;
    mean_of<count, false>(values, rows, of_smallest);
    mean_of<count, true>(values, rows, of_largest);
  };
  (choose.template operator()<index + 1>(), ...);
}

}  // namespace

PARLANDO_MULTIVERSION
void means_of_extremes(const float* values, std::size_t rows, std::size_t n, float* of_smallest,
                       float* of_largest) {
  means_of(std::make_index_sequence<kMostExtremes>(), values, rows, n, of_smallest, of_largest);
}

}  // namespace parlando::audio::kernels
