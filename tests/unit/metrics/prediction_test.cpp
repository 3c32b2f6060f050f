#include "common/metrics/prediction.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/scratch_folder.h"

namespace parlando::metrics {
namespace {

Prediction example() {
  return {"03-01-05-02-01-01-11",
          4,
          2,
          {0.125, 0.25, 0.625},
          "speech",
          "male",
          "strong",
          "1",
          "2",
          "11"};
}

TEST(Predictions, SurviveBeingWrittenAndRead) {
  const test::ScratchFolder folder;
  std::vector<Prediction> written{example(), example()};
  written[1].clip = "quote \" and \u00fc";
  write_predictions(folder / "p.jsonl", written);
  const std::vector<Prediction> read = read_predictions(folder / "p.jsonl");
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[1].clip, written[1].clip);
  EXPECT_EQ(read[0].truth, 4);
  EXPECT_EQ(read[0].predicted, 2);
  EXPECT_EQ(read[0].probabilities, written[0].probabilities);
  EXPECT_EQ(read[0].repetition, "2");
  EXPECT_EQ(read[0].actor, "11");
}

TEST(Predictions, UseTheDocumentedNames) {
  const test::ScratchFolder folder;
  const std::vector<Prediction> one{example()};
  write_predictions(folder / "p.jsonl", one);
  EXPECT_EQ(
      test::read_text(folder / "p.jsonl"),
      "{\"clip\":\"03-01-05-02-01-01-11\",\"true\":4,\"predicted\":2,"
      "\"probabilities\":[0.125,0.25,0.625],\"channel\":\"speech\",\"sex\":\"male\","
      "\"intensity\":\"strong\",\"statement\":\"1\",\"repetition\":\"2\",\"actor\":\"11\"}\n");
}

TEST(Predictions, NameFileAndLineOfDamage) {
  const test::ScratchFolder folder;
  const std::vector<Prediction> one{example()};
  write_predictions(folder / "p.jsonl", one);
  const std::string line = test::read_text(folder / "p.jsonl");
  test::write_text(folder / "p.jsonl", line + line.substr(0, 30));
  try {
    read_predictions(folder / "p.jsonl");
    FAIL() << "a line cut short was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_THAT(error.what(), testing::HasSubstr("p.jsonl:2"));
  }
}

}  // namespace
}  // namespace parlando::metrics
