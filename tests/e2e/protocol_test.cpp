#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/json.h"
#include "common/io/json_lines.h"
#include "tests/e2e/small_dataset.h"

namespace parlando::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kTestLeak = "protocol.allow_leak=[validation-is-test]";
constexpr const char* kCopiesLeak = "protocol.allow_leak=[augmented-validation]";

/// All clips outside the test side train, with a copy each.
class AllowedLeak : public testing::Test {
 protected:
  static const SmallDataset& data() {
    static const SmallDataset dataset({"split.validation_fraction=0"});
    return dataset;
  }
  static ProcessResult train(const std::string& run, const std::vector<std::string>& keys) {
    return run_process(data().train_command(data().folder() / run, keys));
  }
  static fs::path file(const std::string& run, const std::string& name) {
    return data().folder() / run / name;
  }
  static Json split() { return read_json(data().data() / "manifest.json").at("split"); }
  static void expect_marked(const std::string& run, const std::string& leak) {
    for (const char* name : {"result.json", "validation.json", "environment.json"})
      EXPECT_EQ(read_json(file(run, name)).at("leaks"), Json{leak}) << name;
    for (const char* name : {"report/index.html", "report/report.md"}) {
      EXPECT_THAT(read_text(file(run, name)), HasSubstr("LEAK ALLOWED")) << name;
      EXPECT_THAT(read_text(file(run, name)), HasSubstr("leak: " + leak)) << name;
    }
  }
};

TEST_F(AllowedLeak, ValidatesOnTheTestSideAndSaysSoEverywhere) {
  const ProcessResult result = train("test-leak", {kTestLeak});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("validation-is-test: the figures of this run are too good"));
  expect_marked("test-leak", "validation-is-test");
  const Json tested = read_json(file("test-leak", "result.json"));
  EXPECT_EQ(read_json(file("test-leak", "validation.json")).at("accuracy"), tested.at("accuracy"));
  EXPECT_EQ(read_text(file("test-leak", "predictions-validation.jsonl")),
            read_text(file("test-leak", "predictions-test.jsonl")));
  const std::vector<Json> reads = read_json_lines(file("test-leak", "test_reads.jsonl"));
  ASSERT_EQ(reads.size(), 2u);
  EXPECT_EQ(reads[0].at("reason"), "protocol.allow_leak: validation-is-test");
  const auto samples = 2 * split().at("train").size();
  EXPECT_THAT(result.err, HasSubstr(fmt::format("{} training samples", samples)));
  EXPECT_EQ(split().at("train").size() + split().at("test").size() + split().at("dropped").size(),
            160u);

  const ProcessResult evaluated =
      run_process({program("parlando-evaluate"), "--run", (data().folder() / "test-leak").string(),
                   "--split-side", "validation"});
  EXPECT_EQ(evaluated.exit_code, 2);
  EXPECT_THAT(evaluated.err, HasSubstr("a leak took its place"));

  fs::copy(data().folder() / "test-leak", data().folder() / "copy", fs::copy_options::recursive);
  const ProcessResult summary = run_process(
      {program("parlando-report"), (data().folder() / "test-leak").string(),
       (data().folder() / "copy").string(), "--out", (data().folder() / "both").string()});
  ASSERT_EQ(summary.exit_code, 0) << summary.err;
  EXPECT_THAT(read_text(data().folder() / "both" / "index.html"), HasSubstr("LEAK ALLOWED"));
  EXPECT_THAT(read_text(data().folder() / "both" / "runs.csv"), HasSubstr(",validation-is-test\n"));
}

TEST_F(AllowedLeak, ValidatesOnCopiesOfTheLastTrainingClips) {
  const ProcessResult result = train("copies-leak", {kCopiesLeak, "protocol.augmented_share=0.25"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  expect_marked("copies-leak", "augmented-validation");
  const auto clips = split().at("train").get<std::vector<std::string>>();
  const std::size_t samples = 2 * clips.size();
  const std::size_t validating =
      samples - static_cast<std::size_t>(0.75 * static_cast<double>(samples));
  EXPECT_THAT(result.err,
              HasSubstr(fmt::format("{} training samples ({} clips), {} validation clips",
                                    samples - validating, clips.size(), validating)));
  // The last rows of [clips, copies in the order of the clips].
  std::vector<std::string> expected, found;
  for (std::size_t i = clips.size() - validating; i < clips.size(); ++i)
    expected.push_back(clips[i] + "+1");
  for (const Json& line : read_json_lines(file("copies-leak", "predictions-validation.jsonl")))
    found.push_back(line.at("clip").get<std::string>());
  EXPECT_EQ(found, expected);
  EXPECT_EQ(read_json_lines(file("copies-leak", "test_reads.jsonl")).size(), 1u);
}

TEST_F(AllowedLeak, IsNeededWhereThereIsNoValidationSide) {
  EXPECT_EQ(train("no-leak", {}).exit_code, 2);
  const ProcessResult both =
      train("both-leaks", {"protocol.allow_leak=[validation-is-test, augmented-validation]"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.err, HasSubstr("one leak at a time"));
  const ProcessResult unknown = train("other", {"protocol.allow_leak=[test]"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("'test' is not one of validation-is-test"));
  const ProcessResult copies = train("no-copies", {kCopiesLeak, "input.variants=false"});
  EXPECT_EQ(copies.exit_code, 2);
  EXPECT_THAT(copies.err, HasSubstr("input.variants is false"));
}

TEST(Conditions, TestTheWholeWayFromTheRecording) {
  const SmallDataset data;
  const fs::path run = data.folder() / "run";
  ASSERT_EQ(run_process(data.train_command(run, {})).exit_code, 0);
  const auto evaluate = [&](const std::string& conditions) {
    return run_process({program("parlando-evaluate"), "--run", run.string(), "--conditions",
                        conditions, "--json"});
  };
  const ProcessResult result = evaluate("clean,noise -20 dB,telephone,gain -6 dB");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json found = read_json(run / "robustness.json").at("conditions");
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(Json::parse(result.out).at("conditions"), found);
  const Json tested = read_json(run / "result.json");
  EXPECT_EQ(found[0].at("accuracy"), tested.at("accuracy").at("value")) << "nothing was changed";
  EXPECT_EQ(found[0].at("uar"), tested.at("uar").at("value"));
  EXPECT_NEAR(found[3].at("accuracy").get<double>(), found[0].at("accuracy").get<double>(), 0.07)
      << "decibels relative to the clip's maximum hardly know its gain";
  EXPECT_EQ(found[1].at("n"), tested.at("n_test"));
  EXPECT_EQ(read_json_lines(run / "test_reads.jsonl").back().at("reason"),
            "conditions: clean, noise -20 dB, telephone, gain -6 dB");
  EXPECT_EQ(Json::parse(evaluate("noise -20 dB").out).at("conditions")[0], found[1])
      << "noise is a function of the clip";
  EXPECT_EQ(evaluate("rain").exit_code, 2);
  EXPECT_EQ(evaluate("noise loud dB").exit_code, 2);
}

TEST(Protocol, IsHonestUnlessAskedOtherwise) {
  const SmallDataset data;
  const auto train = [&](const std::string& run, const std::vector<std::string>& keys) {
    return run_process(data.train_command(data.folder() / run, keys));
  };
  const ProcessResult filled = train("leak", {kTestLeak});
  EXPECT_EQ(filled.exit_code, 2);
  EXPECT_THAT(filled.err, HasSubstr("make the dataset with split.validation_fraction=0"));

  ASSERT_EQ(train("plain", {"epochs=1"}).exit_code, 0);
  EXPECT_EQ(read_json(data.folder() / "plain" / "result.json").at("leaks"), Json::array());
  EXPECT_THAT(read_text(data.folder() / "plain" / "report" / "index.html"),
              Not(HasSubstr("LEAK ALLOWED")));

  write_text(data.folder() / "sweep.yaml",
             "method: grid\nmetric: {name: validation_uar}\ntrain: " + data.config().string() +
                 "\ndata: " + data.data().string() +
                 "\nparameters: {protocol.allow_leak: {value: [validation-is-test]}}\n");
  const ProcessResult sweep = run_process({program("parlando-sweep"), "run", "--config",
                                           (data.folder() / "sweep.yaml").string(), "--out",
                                           (data.folder() / "sweep").string()});
  EXPECT_EQ(sweep.exit_code, 2);
  EXPECT_THAT(sweep.err, HasSubstr("a sweep chooses by its validation side"));

  // Permuted labels: the same clips, dealt other labels of the same numbers.
  ASSERT_EQ(train("permuted", {"epochs=1", "protocol.permute_labels=true"}).exit_code, 0);
  EXPECT_EQ(read_json(data.folder() / "permuted" / "result.json").at("permuted_labels"), true);
  EXPECT_THAT(read_text(data.folder() / "permuted" / "report" / "index.html"),
              HasSubstr("LABELS PERMUTED"));
  std::multiset<int> true_labels, permuted_labels;
  std::size_t moved = 0;
  for (const char* side : {"train", "validation", "test"}) {
    const std::string name = std::string("predictions-") + side + ".jsonl";
    for (const char* run : {"plain", "permuted"}) {
      ASSERT_EQ(run_process({program("parlando-evaluate"), "--run", (data.folder() / run).string(),
                             "--split-side", side})
                    .exit_code,
                0);
    }
    const std::vector<Json> plain = read_json_lines(data.folder() / "plain" / name);
    const std::vector<Json> permuted = read_json_lines(data.folder() / "permuted" / name);
    ASSERT_EQ(plain.size(), permuted.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
      EXPECT_EQ(plain[i].at("clip"), permuted[i].at("clip"));
      true_labels.insert(plain[i].at("true").get<int>());
      permuted_labels.insert(permuted[i].at("true").get<int>());
      if (plain[i].at("true") != permuted[i].at("true")) ++moved;
    }
  }
  EXPECT_EQ(true_labels, permuted_labels);
  EXPECT_GT(moved, true_labels.size() / 2);
}

}  // namespace
}  // namespace parlando::test
