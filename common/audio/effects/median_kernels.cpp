#include "common/audio/effects/median_kernels.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "common/core/multiversion.h"

// Everything is inlined into the one function that is compiled for several instruction sets.
#define PARLANDO_INLINE [[gnu::always_inline]] inline

namespace parlando::audio::kernels {
namespace {

/// Sixteen non-negative floats by their bits, which have the order of their values: integer minima
/// and maxima need no care for NaN and signed zeros.
using Lanes [[gnu::vector_size(64)]] = std::int32_t;

PARLANDO_INLINE void load(Lanes& to, const float* from) {
  std::memcpy(&to, from, sizeof to);
}

PARLANDO_INLINE void keep_min(Lanes& a, const Lanes& b) {
  a = a < b ? a : b;
}

PARLANDO_INLINE void keep_max(Lanes& a, const Lanes& b) {
  a = a > b ? a : b;
}

PARLANDO_INLINE void order(Lanes& low, Lanes& high) {
  const Lanes smaller = low < high ? low : high;
  high = low > high ? low : high;
  low = smaller;
}

/// Sorts a bitonic sequence of n.
template <std::size_t n>
PARLANDO_INLINE void sort_bitonic(Lanes* x) {
#pragma GCC unroll 8
  for (std::size_t step = n / 2; step > 0; step /= 2) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < n; ++i) {
      if ((i & step) == 0) order(x[i], x[i + step]);
    }
  }
}

/// Batcher's merge of the sorted halves of x.
PARLANDO_INLINE void merge_4_and_4(Lanes* x) {
  order(x[0], x[4]), order(x[1], x[5]), order(x[2], x[6]), order(x[3], x[7]);
  order(x[2], x[4]), order(x[3], x[5]);
  order(x[1], x[2]), order(x[3], x[4]), order(x[5], x[6]);
}

PARLANDO_INLINE void merge_8_and_8(Lanes* x) {
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) order(x[i], x[i + 8]);
#pragma GCC unroll 8
  for (int i = 4; i < 8; ++i) order(x[i], x[i + 4]);
  order(x[2], x[4]), order(x[3], x[5]), order(x[6], x[8]);
  order(x[7], x[9]), order(x[10], x[12]), order(x[11], x[13]);
#pragma GCC unroll 8
  for (int i = 1; i < 15; i += 2) order(x[i], x[i + 1]);
}

PARLANDO_INLINE void sort_4(Lanes* x) {
  order(x[0], x[1]), order(x[2], x[3]);
  order(x[0], x[2]), order(x[1], x[3]);
  order(x[1], x[2]);
}

/// `core` holds the 2n sorted values of a window's part that can still be its median, `more` n
/// sorted values that join the window. Leaves in `kept` the n that can still be it, sorted: the
/// larger half of the 2n smallest.
template <std::size_t n>
PARLANDO_INLINE void narrow(const Lanes* core, const Lanes* more, Lanes* kept) {
#pragma GCC unroll 8
  for (std::size_t i = 0; i < n; ++i) {
    Lanes small = core[i + n];
    keep_min(small, more[n - 1 - i]);
    keep_max(small, core[i]);
    kept[i] = small;
  }
  sort_bitonic<n>(kept);
}

}  // namespace

PARLANDO_MULTIVERSION
void median_of_31(const float* const* rows, std::size_t n, std::size_t column, float* out,
                  std::size_t stride) {
  // Sorted blocks of 4 and 8 rows, as many as two tiles and their borders need, by block number
  // modulo the ring.
  Lanes fours[16][4];
  Lanes eights[8][8];
  const auto sort_block = [&](std::size_t block) __attribute__((always_inline)) {
    Lanes(&eight)[8] = eights[block % 8];
    for (std::size_t i = 0; i < 8; ++i) load(eight[i], rows[8 * block + i] + column);
    sort_4(eight);
    sort_4(eight + 4);
    for (std::size_t i = 0; i < 4; ++i) {
      fours[2 * block % 16][i] = eight[i];
      fours[(2 * block + 1) % 16][i] = eight[i + 4];
    }
    merge_4_and_4(eight);
  };
  for (std::size_t block = 0; block < 4; ++block) sort_block(block);
  for (std::size_t t = 0; t < n; t += kMedianTile) {
    const std::size_t block = t / 8;
    sort_block(block + 4);
    sort_block(block + 5);
    // Rows t + 16 .. t + 31 are in all sixteen windows.
    Lanes core[16];
    for (std::size_t i = 0; i < 8; ++i) {
      core[i] = eights[(block + 2) % 8][i];
      core[i + 8] = eights[(block + 3) % 8][i];
    }
    merge_8_and_8(core);
    for (std::size_t half = 0; half < 2; ++half) {
      Lanes of_8[8];
      narrow<8>(core, eights[(block + (half == 0 ? 1 : 4)) % 8], of_8);
      for (std::size_t quarter = 0; quarter < 2; ++quarter) {
        const std::size_t u = t + 8 * half + 4 * quarter;
        Lanes of_4[4];
        const std::size_t four = (quarter == 0 ? u + 4 : u + 28) / 4;
        narrow<4>(of_8, fours[four % 16], of_4);
        for (std::size_t eighth = 0; eighth < 2; ++eighth) {
          const std::size_t v = u + 2 * eighth;
          const std::size_t pair_row = eighth == 0 ? u + 2 : u + 32;
          Lanes pair[2];
          load(pair[0], rows[pair_row] + column);
          load(pair[1], rows[pair_row + 1] + column);
          order(pair[0], pair[1]);
          Lanes of_2[2];
          narrow<2>(of_4, pair, of_2);
          for (std::size_t i = v; i < std::min(v + 2, n); ++i) {
            Lanes median;
            load(median, rows[i == v ? v + 1 : v + 32] + column);
            keep_min(median, of_2[1]);
            keep_max(median, of_2[0]);
            std::memcpy(out + i * stride + column, &median, sizeof median);
          }
        }
      }
    }
  }
}

}  // namespace parlando::audio::kernels
