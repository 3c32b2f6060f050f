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

}  // namespace
}  // namespace parlando::golden
