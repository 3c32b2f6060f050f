#pragma once

// Vectors of Lanes numbers from and to the types in which they lie, for the bodies of kernels.

#include "train/kernels/block_kernels.h"
#include "train/kernels/vectors.h"

namespace parlando::train {
namespace {

using Bfloat16 = std::uint16_t;

template <class T>
inline T* as(const Numbers& numbers) {
  return static_cast<T*>(numbers.data);
}

/// work(T{}) with the type in which numbers lie.
template <class Work>
inline void with_type(const Numbers& numbers, const Work& work) {
  if (numbers.narrow) {
    work(Bfloat16{});
  } else {
    work(float{});
  }
}

/// `count` numbers, at most Lanes; lanes behind them are zero.
template <int Lanes, bool Whole>
inline typename Vectors<Lanes>::Float load_numbers(const float* from, std::size_t count) {
  using Float = typename Vectors<Lanes>::Float;
  if constexpr (Whole) return load<Float>(from);
  return load_part<Float>(from, count);
}

template <int Lanes, bool Whole>
inline typename Vectors<Lanes>::Float load_numbers(const Bfloat16* from, std::size_t count) {
  using V = Vectors<Lanes>;
  typename V::Short bits{};
  __builtin_memcpy(&bits, from, (Whole ? Lanes : count) * sizeof(Bfloat16));
  return __builtin_bit_cast(typename V::Float, __builtin_convertvector(bits, typename V::Unsigned)
                                                   << 16);
}

template <int Lanes, bool Whole>
inline void store_numbers(const typename Vectors<Lanes>::Float& value, float* to,
                          std::size_t count) {
  __builtin_memcpy(to, &value, (Whole ? Lanes : count) * sizeof(float));
}

/// To the nearest, ties to even; no infinity is made of a number that is not one.
template <int Lanes, bool Whole>
inline void store_numbers(const typename Vectors<Lanes>::Float& value, Bfloat16* to,
                          std::size_t count) {
  using V = Vectors<Lanes>;
  const auto bits = __builtin_bit_cast(typename V::Unsigned, value);
  const typename V::Unsigned rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
  const auto narrow = __builtin_convertvector(
      (bits & 0x7FFFFFFF) <= 0x7F800000 ? rounded : (bits >> 16) | 0x40, typename V::Short);
  __builtin_memcpy(to, &narrow, (Whole ? Lanes : count) * sizeof(Bfloat16));
}

template <int Lanes, bool Whole>
inline typename Vectors<Lanes>::Int load_bytes(const std::uint8_t* from, std::size_t count) {
  typename Vectors<Lanes>::Byte bytes{};
  __builtin_memcpy(&bytes, from, Whole ? Lanes : count);
  return __builtin_convertvector(bytes, typename Vectors<Lanes>::Int);
}

template <int Lanes, bool Whole>
inline void store_bytes(const typename Vectors<Lanes>::Int& value, std::uint8_t* to,
                        std::size_t count) {
  const auto bytes = __builtin_convertvector(value, typename Vectors<Lanes>::Byte);
  __builtin_memcpy(to, &bytes, Whole ? Lanes : count);
}

}  // namespace
}  // namespace parlando::train
