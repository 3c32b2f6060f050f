#include "common/metrics/speaker_bootstrap.h"

#include <vector>

#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::metrics {
namespace {

constexpr std::size_t kResamples = 2000;

/// Two classes; `right` of `clips` clips of each are recognised.
ConfusionMatrix matrix(int right, int clips) {
  ConfusionMatrix result(2);
  for (const std::size_t truth : {0U, 1U}) {
    result.add(truth, truth, right);
    result.add(truth, 1 - truth, clips - right);
  }
  return result;
}

TEST(SpeakerBootstrap, OfOneRunIsTheBootstrapOverItsSpeakers) {
  const std::vector<SpeakerMatrices> runs{
      {{"a", matrix(9, 10)}, {"b", matrix(5, 10)}, {"c", matrix(7, 10)}, {"d", matrix(8, 10)}}};
  std::vector<ConfusionMatrix> clusters;
  for (const auto& [speaker, confusion] : runs[0]) clusters.push_back(confusion);
  const BootstrapFigures expected = bootstrap_figures(clusters, kResamples, 3);
  const BootstrapFigures figures = bootstrap_mean(runs, kResamples, 3);
  constexpr double kRounding = 1e-12;  // sums in another order
  EXPECT_NEAR(figures.accuracy.value, expected.accuracy.value, kRounding);
  EXPECT_NEAR(figures.uar.low, expected.uar.low, kRounding);
  EXPECT_NEAR(figures.macro_f1.high, expected.macro_f1.high, kRounding);
}

TEST(SpeakerBootstrap, DrawsTheSameSpeakersInAllRuns) {
  // Run 2 is better by 10 points with every speaker: the difference has no spread at all.
  const std::vector<SpeakerMatrices> worse{{{"a", matrix(2, 10)}, {"b", matrix(8, 10)}}};
  const std::vector<SpeakerMatrices> better{{{"a", matrix(3, 10)}, {"b", matrix(9, 10)}}};
  const BootstrapFigures difference = bootstrap_mean_difference(better, worse, kResamples, 0);
  EXPECT_NEAR(difference.accuracy.value, 0.1, 1e-12);
  EXPECT_NEAR(difference.accuracy.low, 0.1, 1e-12);
  EXPECT_NEAR(difference.accuracy.high, 0.1, 1e-12);
  const BootstrapFigures mean = bootstrap_mean(worse, kResamples, 0);
  EXPECT_LT(mean.accuracy.low, 0.3) << "while each of the two hangs on who was drawn";
}

TEST(SpeakerBootstrap, IsNoNarrowerForMoreSeedsOfTheSameSpeakers) {
  const SpeakerMatrices run{{"a", matrix(2, 10)}, {"b", matrix(5, 10)}, {"c", matrix(9, 10)}};
  const BootstrapFigures once = bootstrap_mean(std::vector{run}, kResamples, 0);
  const BootstrapFigures often = bootstrap_mean(std::vector{run, run, run}, kResamples, 0);
  EXPECT_NEAR(often.accuracy.low, once.accuracy.low, 1e-12);
  EXPECT_NEAR(often.accuracy.high, once.accuracy.high, 1e-12);
}

TEST(SpeakerBootstrap, WeighsFoldsByTheirSpeakersThatWereDrawn) {
  // One speaker a fold, as in leave-one-speaker-out: the interval is that over all speakers.
  const std::vector<SpeakerMatrices> folds{
      {{"a", matrix(2, 10)}}, {{"b", matrix(6, 10)}}, {{"c", matrix(10, 10)}}};
  const BootstrapFigures figures = bootstrap_mean(folds, kResamples, 0);
  EXPECT_NEAR(figures.accuracy.value, 0.6, 1e-12);
  EXPECT_NEAR(figures.accuracy.low, 0.2, 1e-12) << "speaker a three times: chance 1 / 27";
  EXPECT_NEAR(figures.accuracy.high, 1.0, 1e-12);
}

TEST(SpeakerBootstrap, RefusesPairsOfOtherSpeakers) {
  const std::vector<SpeakerMatrices> ab{{{"a", matrix(2, 10)}, {"b", matrix(8, 10)}}};
  const std::vector<SpeakerMatrices> ac{{{"a", matrix(2, 10)}, {"c", matrix(8, 10)}}};
  EXPECT_THROW(bootstrap_mean_difference(ab, ac, kResamples, 0), Error);
  EXPECT_THROW(bootstrap_mean({}, kResamples, 0), Error);
}

}  // namespace
}  // namespace parlando::metrics
