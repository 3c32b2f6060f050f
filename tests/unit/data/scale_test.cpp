#include <chrono>

#include <gtest/gtest.h>

#include "common/data/audit.h"
#include "common/data/split.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

/// An optimised build needs about a second on one core; a quadratic step would need hours. The
/// bound leaves room for sanitizers and busy machines.
constexpr double kBoundSeconds = 60;

class HundredThousandClips : public testing::TestWithParam<const char*> {};

TEST_P(HundredThousandClips, AreDividedAndAuditedInSeconds) {
  static const Corpus corpus = test::sample_corpus(1000);
  ASSERT_EQ(corpus.clips.size(), 104000U);
  SplitConfig config;
  config.scheme = GetParam();
  const auto start = std::chrono::steady_clock::now();
  const Split split = make_split(corpus, config);
  const Audit audit = audit_split(corpus, split);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(audit.clean());
  EXPECT_LT(seconds.count(), kBoundSeconds);
  RecordProperty("seconds", std::to_string(seconds.count()));
}

INSTANTIATE_TEST_SUITE_P(Schemes, HundredThousandClips,
                         testing::Values("stratified", "stratified-pairs", "group-kfold", "loso"));

}  // namespace
}  // namespace parlando::data
