#include "common/metrics/evaluation.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/metrics/evaluation_json.h"

namespace parlando::metrics {
namespace {

const std::vector<std::string> kClasses{"calm", "happy"};

Prediction make(int truth, int predicted, const std::string& actor, const std::string& channel) {
  Prediction prediction;
  prediction.clip = "clip";
  prediction.truth = truth;
  prediction.predicted = predicted;
  prediction.actor = actor;
  prediction.channel = channel;
  prediction.sex = actor == "01" ? "male" : "female";
  return prediction;
}

std::vector<Prediction> four_clips() {
  return {make(0, 0, "01", "speech"), make(1, 1, "01", "song"), make(0, 1, "02", "speech"),
          make(1, 1, "02", "speech")};
}

const Breakdown& breakdown(const Evaluation& evaluation, const std::string& name) {
  for (const Breakdown& candidate : evaluation.breakdowns) {
    if (candidate.name == name) return candidate;
  }
  throw std::runtime_error("no breakdown " + name);
}

TEST(EvaluatePredictions, GivesFiguresAndConfusion) {
  const Evaluation evaluation = evaluate_predictions(four_clips(), kClasses);
  EXPECT_EQ(evaluation.n(), 4);
  EXPECT_DOUBLE_EQ(evaluation.accuracy.value, 0.75);
  EXPECT_DOUBLE_EQ(evaluation.uar.value, 0.75);
  EXPECT_EQ(evaluation.confusion.count(0, 1), 1);
  EXPECT_EQ(evaluation.per_class[0].support, 2);
  EXPECT_LE(evaluation.accuracy.low, 0.75);
  EXPECT_GE(evaluation.accuracy.high, 0.75);
}

TEST(EvaluatePredictions, ResamplesSpeakersAndClipsWhereThereIsOneSpeaker) {
  const Evaluation by_speaker = evaluate_predictions(four_clips(), kClasses);
  EXPECT_EQ(by_speaker.interval_method, "bootstrap by speaker");
  EXPECT_EQ(by_speaker.clusters, 2u);
  EXPECT_EQ(by_speaker.resamples, 2000u);

  std::vector<Prediction> one_speaker = four_clips();
  for (Prediction& prediction : one_speaker) prediction.actor = "01";
  EXPECT_EQ(evaluate_predictions(one_speaker, kClasses).interval_method, "bootstrap by clip");
  for (Prediction& prediction : one_speaker) prediction.actor = "";
  const Evaluation unknown = evaluate_predictions(one_speaker, kClasses);
  EXPECT_EQ(unknown.interval_method, "bootstrap by clip");
  EXPECT_EQ(unknown.clusters, 4u);
}

TEST(EvaluatePredictions, BreaksFiguresDownByLabelsThatTheCorpusGives) {
  const Evaluation evaluation = evaluate_predictions(four_clips(), kClasses);
  const Breakdown& channels = breakdown(evaluation, "channel");
  ASSERT_EQ(channels.groups.size(), 2u);
  EXPECT_EQ(channels.groups[1].name, "speech");
  EXPECT_EQ(channels.groups[1].n, 3);
  EXPECT_DOUBLE_EQ(channels.groups[1].accuracy, 2.0 / 3);
  EXPECT_DOUBLE_EQ(channels.groups[1].uar, 0.75);
  EXPECT_EQ(breakdown(evaluation, "actor").groups.size(), 2u);
  EXPECT_THROW(breakdown(evaluation, "intensity"), std::runtime_error)
      << "no clip has an intensity";
}

TEST(EvaluatePredictions, NamesTheClipWhoseClassDoesNotExist) {
  std::vector<Prediction> predictions = four_clips();
  predictions[2].clip = "odd-one";
  predictions[2].predicted = 2;
  try {
    evaluate_predictions(predictions, kClasses);
    FAIL() << "class 2 of 2 was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_THAT(error.what(), testing::HasSubstr("odd-one"));
  }
  EXPECT_THROW(evaluate_predictions({}, kClasses), Error);
}

TEST(EvaluationJson, HoldsTheFieldsOfResultJson) {
  const Json json = evaluation_to_json(evaluate_predictions(four_clips(), kClasses));
  EXPECT_DOUBLE_EQ(json.at("accuracy").at("value").get<double>(), 0.75);
  EXPECT_EQ(json.at("accuracy").at("ci95").size(), 2u);
  EXPECT_EQ(json.at("confusion").at(0).at(1), 1) << "rows are true classes";
  EXPECT_EQ(json.at("per_class").at(0).at("class"), "calm");
  EXPECT_EQ(json.at("n_test"), 4);
  EXPECT_EQ(json.at("breakdowns").at("channel").at("song").at("n"), 1);
  EXPECT_EQ(json.at("interval").at("method"), "bootstrap by speaker");
}

TEST(EvaluationJson, SurvivesBeingWrittenAndRead) {
  const Evaluation written = evaluate_predictions(four_clips(), kClasses);
  const Json json = Json::parse(evaluation_to_json(written).dump());
  const Evaluation read = evaluation_from_json(json, "result.json");
  EXPECT_EQ(evaluation_to_json(read), json);
  EXPECT_EQ(read.uar.low, written.uar.low);
}

TEST(EvaluationJson, NamesWhatADamagedFileLacks) {
  Json json = evaluation_to_json(evaluate_predictions(four_clips(), kClasses));
  json["confusion"].erase(1);
  try {
    evaluation_from_json(json, "result.json");
    FAIL() << "a confusion matrix of one row was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_THAT(error.what(), testing::HasSubstr("result.json: confusion"));
  }
  json.erase("uar");
  EXPECT_THROW(evaluation_from_json(json, "result.json"), Error);
}

}  // namespace
}  // namespace parlando::metrics
