#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace parlando {

/// Philox4x32-10: four random words as a function of (key, counter) alone, so that a draw depends
/// neither on the thread nor on the rank that makes it. Salmon et al., "Parallel random numbers: as
/// easy as 1, 2, 3", SC 2011.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 2> key,
                                        std::array<std::uint32_t, 4> counter);

/// Key of an independent stream: `seed` chosen by the user, `purpose` a literal such as "shuffle".
std::array<std::uint32_t, 2> stream_key(std::uint64_t seed, std::string_view purpose);

/// A sequence of draws from the stream (seed, purpose) at position (a, b): for instance (epoch,
/// clip). Not thread-safe; cheap to make, so make one where it is used.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t a = 0,
               std::uint32_t b = 0);

  std::uint32_t next();
  /// Uniform on [0, 1), 53 bits.
  double uniform();
  /// Uniform on [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform integer on [0, n), without modulo bias. n > 0.
  std::uint64_t below(std::uint64_t n);
  /// Standard normal (Box-Muller).
  double normal();

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace parlando
