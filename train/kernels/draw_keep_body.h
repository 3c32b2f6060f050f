#pragma once

// BlockKernels::draw_keep, compiled as cpu_kernels_body.h is and under the same rules.

#include "train/kernels/block_kernels.h"
#include "train/kernels/numbers_body.h"

namespace parlando::train {
namespace {

/// Counters of Philox 4x32, of which every other one is in a vector: a 64-bit lane holds a word in
/// its low half, and anything in its high half.
template <int Lanes>
struct PhiloxLanes {
  using Wide = typename Vectors<Lanes>::Wide;
  Wide words[4];

  PhiloxLanes(const KeepStream& stream, std::uint64_t first) {
    std::uint64_t numbers[Lanes / 2];
    for (std::size_t i = 0; i < Lanes / 2; ++i) numbers[i] = first + 2 * i;
    __builtin_memcpy(&words[0], numbers, sizeof(numbers));
    words[1] = Wide{} + stream.layer_epoch;
    words[2] = Wide{} + (stream.position & 0xFFFFFFFF);
    words[3] = Wide{} + (stream.position >> 32);
  }

  void round(std::uint32_t key0, std::uint32_t key1) {
    const Wide product0 = multiply_low_halves<Wide>(words[0], Wide{} + 0xD2511F53U);
    const Wide product1 = multiply_low_halves<Wide>(words[2], Wide{} + 0xCD9E8D57U);
    words[0] = (product1 >> 32) ^ words[1] ^ (Wide{} + key0);
    words[2] = (product0 >> 32) ^ words[3] ^ (Wide{} + key1);
    words[1] = product1;
    words[3] = product0;
  }
};

template <int Lanes>
[[gnu::noinline]] void draw_keep_of(const KeepStream& stream, std::size_t count,
                                    std::uint8_t* __restrict keep) {
  using V = Vectors<Lanes>;
  constexpr std::size_t kCounters = 16;  // of a group
  constexpr std::size_t kGroup = 4 * kCounters;
  const KeepStream s = stream;
  for (std::size_t base = 0; base < count; base += kGroup) {
    std::uint8_t bits[kGroup];
    for (std::size_t part = 0; part < kCounters; part += Lanes) {
      PhiloxLanes<Lanes> even(s, base / 4 + part), odd(s, base / 4 + part + 1);
      std::uint32_t key0 = s.key[0];
      std::uint32_t key1 = s.key[1];
#pragma GCC unroll 10
      for (int round = 0; round < 10; ++round) {
        even.round(key0, key1);
        odd.round(key0, key1);
        key0 += 0x9E3779B9;
        key1 += 0xBB67AE85;
      }
      for (std::size_t w = 0; w < 4; ++w) {
        const auto words = __builtin_bit_cast(typename V::Unsigned,
                                              (even.words[w] & 0xFFFFFFFF) | (odd.words[w] << 32));
        const typename V::Int above = words >= typename V::Unsigned{} + s.threshold;
        store_bytes<Lanes, true>(above & 1, bits + w * kCounters + part, Lanes);
      }
    }
    __builtin_memcpy(keep + base, bits, count - base < kGroup ? count - base : kGroup);
  }
}

}  // namespace
}  // namespace parlando::train
