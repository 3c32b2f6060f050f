#include "predict/robustness/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::predict {
namespace {

using ::testing::HasSubstr;

template <class Make>
std::string refusal(const Make& make) {
  try {
    make();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(Condition, HasPresetsOfNoiseGainAndTelephone) {
  EXPECT_TRUE(preset_condition("clean").operations.empty());
  EXPECT_EQ(preset_condition("telephone").operations.at(0).op, "telephone");
  const auto noise = preset_condition("snr-5").operations.at(0);
  EXPECT_EQ(noise.op, "waveform_noise");
  EXPECT_EQ(noise.waveform.color, "white");
  EXPECT_EQ(noise.waveform.snr_db, (std::vector<double>{-5, -5}));
  EXPECT_EQ(preset_condition("gain-20").operations.at(0).waveform.gain_db,
            (std::vector<double>{-20, -20}));
  EXPECT_EQ(preset_condition("gain+6").operations.at(0).waveform.gain_db,
            (std::vector<double>{6, 6}));
}

TEST(Condition, HasTheNamesThatStudiesUse) {
  EXPECT_EQ(preset_condition("noise -20 dB").operations.at(0).waveform.snr_db,
            (std::vector<double>{-20, -20}));
  EXPECT_EQ(preset_condition("pink noise 5 dB").operations.at(0).waveform.color, "pink");
  EXPECT_EQ(preset_condition("gain -6 dB").operations.at(0).waveform.gain_db,
            (std::vector<double>{-6, -6}));
}

TEST(Condition, RefusesOtherNames) {
  for (const char* name : {"", "noise", "snr", "snrx", "snr10dB", "snrinf", "snr1000", "gain",
                           "noise dB", "noise loud dB", "noise 10"}) {
    EXPECT_THAT(refusal([&] { preset_condition(name); }), HasSubstr("no condition")) << name;
  }
}

TEST(Condition, IsWrittenAsVariantsAre) {
  const Condition one = parse_condition("street={op: waveform_noise, color: pink, snr_db: [5, 5]}");
  EXPECT_EQ(one.name, "street");
  EXPECT_EQ(one.operations.at(0).waveform.color, "pink");
  const Condition two =
      parse_condition("far=[{op: rir, rt60: [1, 1], direct_db: [0, 0]}, {op: telephone}]");
  EXPECT_EQ(two.operations.size(), 2u);
}

TEST(Condition, RefusesWhatIsNoOperationOnTheWaveform) {
  const auto reason = [](const char* text) { return refusal([&] { parse_condition(text); }); };
  EXPECT_THAT(reason("{op: gain}"), HasSubstr("NAME={op: ...}"));
  EXPECT_THAT(reason("../x={op: gain}"), HasSubstr("NAME={op: ...}"));
  EXPECT_THAT(reason("x={op: time_mask}"), HasSubstr("normalised features"));
  EXPECT_THAT(reason("x={op: gain, gain_dB: [1, 1]}"), HasSubstr("gain_db"));
  EXPECT_THAT(reason("x=[]"), HasSubstr("no operation"));
  EXPECT_THAT(reason("x={op"), HasSubstr("--perturb x"));
}

TEST(ConditionDraws, AreFunctionsOfSeedAndClip) {
  const std::vector<Condition> conditions{preset_condition("snr10"), preset_condition("snr0")};
  const ConditionDraws draws(conditions, 1), again(conditions, 1), other(conditions, 2);
  EXPECT_EQ(draws.draw(0, "a"), again.draw(0, "a"));
  EXPECT_NE(draws.draw(0, "a"), draws.draw(0, "b"));
  EXPECT_NE(draws.draw(0, "a"), other.draw(0, "a"));
  const Json loud = draws.draw(1, "a").at(0), soft = draws.draw(0, "a").at(0);
  EXPECT_EQ(loud.at("seed"), soft.at("seed")) << "the same noise, at another level";
  EXPECT_EQ(loud.at("snr_db"), 0);
}

TEST(ConditionDraws, RefuseAConditionThatStandsTwice) {
  EXPECT_THAT(refusal([] {
                ConditionDraws({preset_condition("clean"), preset_condition("clean")}, 1);
              }),
              HasSubstr("twice"));
}

}  // namespace
}  // namespace parlando::predict
