#include "common/data/numpy_random.h"

#include <bit>
#include <limits>
#include <numeric>

#include "common/core/error.h"

namespace parlando::data {

NumpyRandomState::NumpyRandomState(std::uint64_t seed) {
  if (seed > std::numeric_limits<std::uint32_t>::max()) {
    fail(ErrorKind::usage, "seed {} is too large: scikit-learn's seeds are 0 to 4294967295", seed);
  }
  // NumPy seeds MT19937 from an integer with Knuth's recurrence, as the standard library does.
  engine_.seed(static_cast<std::uint32_t>(seed));
}

std::uint64_t NumpyRandomState::interval(std::uint64_t max) {
  if (max == 0) return 0;
  const std::uint64_t mask = std::numeric_limits<std::uint64_t>::max() >> std::countl_zero(max);
  const bool wide = max > std::numeric_limits<std::uint32_t>::max();
  for (;;) {
    std::uint64_t word = next_uint32();
    if (wide) word = (word << 32) | next_uint32();
    if ((word & mask) <= max) return word & mask;
  }
}

std::int64_t NumpyRandomState::randint(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(interval(static_cast<std::uint64_t>(high - low - 1)));
}

std::vector<std::size_t> NumpyRandomState::permutation(std::size_t n) {
  std::vector<std::size_t> values(n);
  std::iota(values.begin(), values.end(), std::size_t{0});
  shuffle(std::span(values));
  return values;
}

std::vector<std::size_t> NumpyRandomState::choice(std::size_t n, std::size_t count) {
  std::vector<std::size_t> values = permutation(n);
  values.resize(count);
  return values;
}

}  // namespace parlando::data
