#include <ctime>

#include <gtest/gtest.h>

#include "common/data/audit.h"
#include "common/data/split.h"
#include "tests/unit/data/sample_corpus.h"

namespace parlando::data {
namespace {

/// Processor time, so that a busy machine does not count. An optimised build needs about a second;
/// a quadratic step would need hours. The bound leaves room for sanitizers.
constexpr double kBoundSeconds = 60;

class HundredThousandClips : public testing::TestWithParam<const char*> {};

TEST_P(HundredThousandClips, AreDividedAndAuditedInSeconds) {
  static const Corpus corpus = test::sample_corpus(1000);
  ASSERT_EQ(corpus.clips.size(), 104000U);
  SplitConfig config;
  config.scheme = GetParam();
  const std::clock_t start = std::clock();
  const Split split = make_split(corpus, config);
  const Audit audit = audit_split(corpus, split);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  EXPECT_TRUE(audit.clean());
  EXPECT_LT(seconds, kBoundSeconds);
  RecordProperty("seconds", std::to_string(seconds));
}

INSTANTIATE_TEST_SUITE_P(Schemes, HundredThousandClips,
                         testing::Values("stratified", "group-kfold"));

}  // namespace
}  // namespace parlando::data
