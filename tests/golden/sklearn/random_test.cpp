#include <cmath>

#include "common/data/numpy_random.h"
#include "common/io/json.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

using data::NumpyRandomState;

class NumpyRandom : public GoldenTest {
 protected:
  void SetUp() override {
    GoldenTest::SetUp();
    if (!IsSkipped() && !HasFatalFailure())
      expected_ = read_json(path("sklearn/mt19937_seed42.json"));
  }
  template <class T>
  std::vector<T> expected(const std::string& key) const {
    return expected_.at(key).get<std::vector<T>>();
  }

  Json expected_;
};

TEST_F(NumpyRandom, DrawsTheWordsOfMt19937Seed42) {
  NumpyRandomState random(42);
  for (const std::uint32_t word : expected<std::uint32_t>("first_32bit")) {
    EXPECT_EQ(random.next_uint32(), word);
  }
  count_case("sklearn/mt19937_seed42/first_32bit");
}

TEST_F(NumpyRandom, PermutesAsNumpyDoes) {
  EXPECT_EQ(NumpyRandomState(42).permutation(10), expected<std::size_t>("permutation10"));
  count_case("sklearn/mt19937_seed42/permutation10");
}

TEST_F(NumpyRandom, ChoosesWithoutReplacementAsNumpyDoes) {
  EXPECT_EQ(NumpyRandomState(42).choice(20, 7),
            expected<std::size_t>("choice_20_of_7_without_replacement"));
  count_case("sklearn/mt19937_seed42/choice_20_of_7_without_replacement");
}

TEST_F(NumpyRandom, DrawsIntegersOfARangeAsNumpyDoes) {
  NumpyRandomState random(42);
  for (const std::int64_t value : expected<std::int64_t>("randint_0_76_x10")) {
    EXPECT_EQ(random.randint(0, 76), value);
  }
  count_case("sklearn/mt19937_seed42/randint_0_76_x10");
}

/// NumPy makes a double of 53 bits from two words.
double random_sample(NumpyRandomState& random) {
  const std::uint32_t high = random.next_uint32() >> 5U;
  const std::uint32_t low = random.next_uint32() >> 6U;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

TEST_F(NumpyRandom, WordsMakeNumpysUniformNumbers) {
  NumpyRandomState random(42);
  for (const double value : expected<double>("random_sample_x5")) {
    EXPECT_EQ(random_sample(random), value);
  }
  count_case("sklearn/mt19937_seed42/random_sample_x5");
}

TEST_F(NumpyRandom, WordsMakeNumpysNormalNumbers) {
  // The polar method of RandomState: two numbers a draw, the second first.
  NumpyRandomState random(42);
  double kept = 0;
  bool have = false;
  for (const double value : expected<double>("randn_x5")) {
    if (have) {
      EXPECT_NEAR(kept, value, 1e-15);
      have = false;
      continue;
    }
    double x = 0;
    double y = 0;
    double r = 0;
    do {
      x = 2 * random_sample(random) - 1;
      y = 2 * random_sample(random) - 1;
      r = x * x + y * y;
    } while (r >= 1 || r == 0);
    const double scale = std::sqrt(-2 * std::log(r) / r);
    EXPECT_NEAR(scale * y, value, 1e-15);
    kept = scale * x;
    have = true;
  }
  count_case("sklearn/mt19937_seed42/randn_x5");
}

}  // namespace
}  // namespace parlando::golden
