#include "common/data/ravdess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"

namespace parlando::data {
namespace {

using ::testing::HasSubstr;

TEST(RavdessName, GivesEveryLabel) {
  const Clip clip = parse_ravdess_name("03-01-05-02-01-02-11");
  EXPECT_EQ(clip.id, "03-01-05-02-01-02-11");
  EXPECT_EQ(clip.channel, "speech");
  EXPECT_EQ(clip.label, "angry");
  EXPECT_EQ(clip.intensity, "strong");
  EXPECT_EQ(clip.statement, "1");
  EXPECT_EQ(clip.repetition, "2");
  EXPECT_EQ(clip.speaker, "11");
  EXPECT_EQ(clip.sex, "male");
}

TEST(RavdessName, KnowsSongAndWomen) {
  const Clip clip = parse_ravdess_name("03-02-01-01-02-01-24");
  EXPECT_EQ(clip.channel, "song");
  EXPECT_EQ(clip.label, "neutral");
  EXPECT_EQ(clip.intensity, "normal");
  EXPECT_EQ(clip.sex, "female");
}

TEST(RavdessName, EmotionsStandInTheOrderOfTheirNumbers) {
  for (std::size_t i = 0; i < ravdess_classes().size(); ++i) {
    const std::string name = "03-01-0" + std::to_string(i + 1) + "-01-01-01-01";
    EXPECT_EQ(parse_ravdess_name(name).label, ravdess_classes()[i]);
  }
}

TEST(RavdessName, ActorsOfMadeUpCorporaHaveUpToSixDigits) {
  EXPECT_EQ(parse_ravdess_name("03-01-02-01-01-01-123456").speaker, "123456");
  EXPECT_EQ(parse_ravdess_name("03-01-02-01-01-01-123456").sex, "female");
  EXPECT_EQ(parse_ravdess_name("03-01-02-01-01-01-101").sex, "male");
}

struct WrongName {
  const char* name;
  const char* reason;
};

class WrongRavdessName : public testing::TestWithParam<WrongName> {};

TEST_P(WrongRavdessName, IsRefusedWithTheReason) {
  try {
    parse_ravdess_name(GetParam().name);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_THAT(error.what(), HasSubstr(GetParam().reason));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Names, WrongRavdessName,
    testing::Values(WrongName{"holiday", "MM-CC-EE-II-SS-RR-AA"},
                    WrongName{"", "MM-CC-EE-II-SS-RR-AA"},
                    WrongName{"03-01-05-02-01-02", "MM-CC-EE-II-SS-RR-AA"},
                    WrongName{"03-01-05-02-01-02-11-01", "MM-CC-EE-II-SS-RR-AA"},
                    WrongName{"03-01-05-02-01-02-1a", "MM-CC-EE-II-SS-RR-AA"},
                    WrongName{"03-01-05-02-01--11", "MM-CC-EE-II-SS-RR-AA"},
                    WrongName{"01-01-05-02-01-02-11", "video"},
                    WrongName{"04-01-05-02-01-02-11", "modality '04'"},
                    WrongName{"03-03-05-02-01-02-11", "channel '03'"},
                    WrongName{"03-01-09-02-01-02-11", "emotion '09'"},
                    WrongName{"03-01-00-02-01-02-11", "emotion '00'"},
                    WrongName{"03-01-5-02-01-02-11", "emotion '5'"},
                    WrongName{"03-01-05-03-01-02-11", "intensity '03'"},
                    WrongName{"03-01-05-02-03-02-11", "statement '03'"},
                    WrongName{"03-01-05-02-01-03-11", "repetition '03'"},
                    WrongName{"03-01-05-02-01-02-00", "actor '00'"},
                    WrongName{"03-01-05-02-01-02-7", "actor '7'"},
                    WrongName{"03-01-05-02-01-02-1234567", "actor '1234567'"}));

}  // namespace
}  // namespace parlando::data
