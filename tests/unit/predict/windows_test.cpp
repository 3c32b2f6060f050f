#include "predict/windows/windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::predict {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kRate = 100;

TEST(Windows, SlideToTheEndOfTheRecording) {
  const WindowPlan plan(2, 1, kRate);
  EXPECT_THAT(plan.all(400), ElementsAre(Window{0, 200}, Window{100, 200}, Window{200, 200}));
  EXPECT_THAT(plan.all(450),
              ElementsAre(Window{0, 200}, Window{100, 200}, Window{200, 200}, Window{300, 150}));
}

TEST(Windows, OfAShortRecordingAreOne) {
  const WindowPlan plan(2, 1, kRate);
  EXPECT_THAT(plan.all(30), ElementsAre(Window{0, 30}));
  EXPECT_THAT(plan.all(200), ElementsAre(Window{0, 200}));
}

TEST(Windows, LeaveOutARestOfLessThanHalfAWindow) {
  const WindowPlan plan(2, 2, kRate);
  EXPECT_THAT(plan.all(299), ElementsAre(Window{0, 200}));
  EXPECT_THAT(plan.all(300), ElementsAre(Window{0, 200}, Window{200, 100}));
}

TEST(Windows, MayLeaveGaps) {
  const WindowPlan plan(1, 3, kRate);
  EXPECT_THAT(plan.all(250), ElementsAre(Window{0, 100}));
  EXPECT_THAT(plan.all(400), ElementsAre(Window{0, 100}, Window{300, 100}));
}

TEST(Windows, AreAtLeastASample) {
  EXPECT_THROW(WindowPlan(0.001, 1, kRate), Error);
  EXPECT_THROW(WindowPlan(1, 0.001, kRate), Error);
}

TEST(Windows, AreCutFromAllChannels) {
  const audio::DecodedAudio audio{.sample_rate = 10,
                                  .channels = 2,
                                  .samples = 4,
                                  .peak = 0.8F,
                                  .interleaved = {0, 0.1F, 0.2F, -0.3F, 0.1F, 0.25F, 0.8F, 0}};
  const audio::DecodedAudio part = cut(audio, {1, 2});
  EXPECT_EQ(part.samples, 2);
  EXPECT_EQ(part.channels, 2);
  EXPECT_EQ(part.sample_rate, 10);
  EXPECT_EQ(part.peak, 0.3F);
  EXPECT_THAT(part.interleaved, ElementsAre(0.2F, -0.3F, 0.1F, 0.25F));
}

}  // namespace
}  // namespace parlando::predict
