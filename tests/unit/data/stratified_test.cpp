#include "common/data/stratified.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/data/class_weights.h"
#include "common/data/split.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string name_of(int label) {
  return "class " + std::to_string(label);
}

TEST(NumpyRandomState, RefusesSeedsThatNumpyRefuses) {
  EXPECT_NO_THROW(NumpyRandomState(4294967295));
  EXPECT_THROW(NumpyRandomState(4294967296), Error);
}

TEST(NumpyRandomState, DrawsWithinTheRange) {
  NumpyRandomState random(7);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LE(random.interval(5), 5U);
    EXPECT_LE(random.interval(std::uint64_t{1} << 40), std::uint64_t{1} << 40);
    const std::int64_t value = random.randint(-3, 4);
    EXPECT_GE(value, -3);
    EXPECT_LT(value, 4);
  }
  EXPECT_EQ(random.interval(0), 0U);
}

TEST(StratifiedShuffleSplit, PutsEveryPositionOnOneSide) {
  std::vector<int> labels;
  for (int i = 0; i < 100; ++i) labels.push_back(i % 3);
  NumpyRandomState random(1);
  const ShuffleSplit split = stratified_shuffle_split(labels, 25, random, name_of);
  EXPECT_EQ(split.test.size(), 25U);
  std::vector<std::size_t> all = split.train;
  all.insert(all.end(), split.test.begin(), split.test.end());
  std::ranges::sort(all);
  for (std::size_t i = 0; i < labels.size(); ++i) ASSERT_EQ(all[i], i);
}

TEST(StratifiedShuffleSplit, KeepsTheShares) {
  std::vector<int> labels(90, 1);
  labels.insert(labels.end(), 10, 2);
  NumpyRandomState random(3);
  const ShuffleSplit split = stratified_shuffle_split(labels, 20, random, name_of);
  EXPECT_EQ(std::ranges::count_if(split.test, [&](std::size_t i) { return labels[i] == 2; }), 2);
}

TEST(StratifiedShuffleSplit, AStratumOfOneIsNamed) {
  const std::vector<int> labels{1, 1, 1, 1, 2};
  NumpyRandomState random(3);
  try {
    stratified_shuffle_split(labels, 2, random, name_of);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_THAT(error.what(), HasSubstr("'class 2'"));
  }
}

TEST(StratifiedShuffleSplit, TheKeyTheClassAndItsCountAreNamed) {
  SplitConfig config;
  config.by = "emotion";
  Corpus corpus = test::sample_corpus(1);
  const std::string rare = corpus.clips[0].label;
  std::size_t seen = 0;
  std::erase_if(corpus.clips, [&](const Clip& clip) { return clip.label == rare && ++seen > 1; });
  try {
    make_split(corpus, config);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'" + rare + "' has only 1 member"));
    EXPECT_THAT(error.what(), HasSubstr("split.test_fraction"));
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("split.by")));
  }
}

TEST(StratifiedShuffleSplit, ASideSmallerThanTheStrataIsRefused) {
  const std::vector<int> labels{1, 1, 2, 2, 3, 3};
  NumpyRandomState random(3);
  EXPECT_THROW(stratified_shuffle_split(labels, 2, random, name_of), Error);
  EXPECT_THROW(stratified_shuffle_split(labels, 4, random, name_of), Error);
  EXPECT_THROW(stratified_shuffle_split(labels, 7, random, name_of), Error);
}

TEST(TestSize, IsRoundedUp) {
  EXPECT_EQ(test_size(0.2, 2452), 491U);
  EXPECT_EQ(test_size(0.1, 1961), 197U);
  EXPECT_EQ(test_size(0.5, 10), 5U);
  EXPECT_EQ(test_size(0, 10), 0U);
}

TEST(BalancedClassWeights, AreTheTotalOverClassesTimesCount) {
  const std::vector<std::size_t> counts{10, 30, 20};
  EXPECT_THAT(balanced_class_weights(counts),
              ElementsAre(DoubleEq(2.0), DoubleEq(60.0 / 90), DoubleEq(1.0)));
}

TEST(BalancedClassWeights, LeaveOutClassesThatDoNotOccur) {
  const std::vector<std::size_t> counts{10, 0, 30};
  EXPECT_THAT(balanced_class_weights(counts),
              ElementsAre(DoubleEq(2.0), DoubleEq(0.0), DoubleEq(40.0 / 60)));
}

}  // namespace
}  // namespace parlando::data
