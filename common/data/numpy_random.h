#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace parlando::data {

/// The draws of NumPy's np.random.RandomState(seed) (MT19937 and the legacy algorithms, which NumPy
/// has frozen), so that scikit-learn's splits are reproduced index by index. Not thread-safe.
class NumpyRandomState {
 public:
  /// Throws Error(usage) for a seed of 2^32 or more, which NumPy refuses too.
  explicit NumpyRandomState(std::uint64_t seed);

  std::uint32_t next_uint32() { return static_cast<std::uint32_t>(engine_()); }

  /// Uniform on [0, max], by masked rejection. `max` below 2^32 draws words of 32 bits, as NumPy
  /// does.
  std::uint64_t interval(std::uint64_t max);

  /// randint(low, high): uniform on [low, high).
  std::int64_t randint(std::int64_t low, std::int64_t high);

  /// shuffle(values) in place.
  template <class T>
  void shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i-- > 1;) std::swap(values[i], values[interval(i)]);
  }

  /// permutation(n) of 0 .. n - 1.
  std::vector<std::size_t> permutation(std::size_t n);

  /// choice(n, count, replace=False) of 0 .. n - 1. `count` is at most n.
  std::vector<std::size_t> choice(std::size_t n, std::size_t count);

 private:
  std::mt19937 engine_;
};

}  // namespace parlando::data
