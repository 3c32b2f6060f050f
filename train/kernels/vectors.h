#pragma once

// Vectors of Lanes numbers by the compiler's extension, for the bodies of kernels that are compiled
// for several instruction sets.

#include <cstddef>
#include <cstdint>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace parlando::train {
namespace {

template <int Lanes>
struct Vectors {
  typedef float Float __attribute__((vector_size(Lanes * sizeof(float))));
  typedef std::int32_t Int __attribute__((vector_size(Lanes * sizeof(std::int32_t))));
  typedef std::uint32_t Unsigned __attribute__((vector_size(Lanes * sizeof(std::uint32_t))));
  typedef std::uint64_t Wide __attribute__((vector_size(Lanes * sizeof(std::uint32_t))));
  typedef std::uint16_t Short __attribute__((vector_size(Lanes * sizeof(std::uint16_t))));
  typedef std::uint8_t Byte __attribute__((vector_size(Lanes)));
};

template <class Vector>
inline Vector load(const float* from) {
  Vector value;
  __builtin_memcpy(&value, from, sizeof(value));
  return value;
}

template <class Vector>
inline void store(const Vector& value, float* to) {
  __builtin_memcpy(to, &value, sizeof(value));
}

/// The first `count` lanes; the others are zero.
template <class Vector>
inline Vector load_part(const float* from, std::size_t count) {
  Vector value{};
  __builtin_memcpy(&value, from, count * sizeof(float));
  return value;
}

template <class Vector>
inline void store_part(const Vector& value, float* to, std::size_t count) {
  __builtin_memcpy(to, &value, count * sizeof(float));
}

/// Products of the low 32 bits of each 64-bit lane.
template <class Wide>
inline Wide multiply_low_halves(const Wide& a, const Wide& b) {
#ifdef __AVX512F__
  // GCC 12 takes the operand that _mm512_mul_epu32 leaves undefined for an error.
  if constexpr (sizeof(Wide) == 64)
    return Wide(_mm512_maskz_mul_epu32(0xFF, __m512i(a), __m512i(b)));
#endif
#ifdef __AVX2__
  if constexpr (sizeof(Wide) == 32) return Wide(_mm256_mul_epu32(__m256i(a), __m256i(b)));
#endif
#ifdef __SSE2__
  if constexpr (sizeof(Wide) == 16) return Wide(_mm_mul_epu32(__m128i(a), __m128i(b)));
#endif
  return (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF);
}

}  // namespace
}  // namespace parlando::train
