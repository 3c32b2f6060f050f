#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "tests/fault/faulty_run.h"

namespace parlando::test {
namespace {

constexpr int kStops = 10;
/// Two stops in each of the first epochs, so that more than a hundred steps follow the last.
constexpr int kStopsPerEpoch = 2;
constexpr int kEpochs = 14;
/// Fewer than an epoch has, whatever oversampling adds.
constexpr int kSteps = 12;
constexpr std::int64_t kStepsAfter = 100;
constexpr std::int64_t kStepsBetweenCheckpoints = 5;

/// Without what time decides.
Json without_times(const Json& json) {
  Json kept = Json::object();
  for (const auto& [key, value] : json.items()) {
    const bool time = key.find("second") != std::string::npos || key == "data_wait";
    if (!time) kept[key] = value;
  }
  return kept;
}

std::vector<Json> lines_of(const std::filesystem::path& path) {
  std::vector<Json> lines;
  for (const std::string& line : split_text(read_file(path), '\n')) {
    if (!line.empty()) lines.push_back(without_times(Json::parse(line)));
  }
  return lines;
}

class ExactResume : public testing::TestWithParam<int> {
 protected:
  static std::vector<std::string> overrides() {
    std::vector<std::string> all = all_recipe_options();
    for (const std::string& more :
         {fmt::format("epochs={}", kEpochs), std::string("early_stopping.enabled=false"),
          fmt::format("checkpoint.every_steps={}", kStepsBetweenCheckpoints),
          std::string("checkpoint.keep=1000"), std::string("log_steps=true")}) {
      all.push_back(more);
    }
    return all;
  }

  ProcessResult train(const std::string& name, const std::string& fault) const {
    return faulty_run(data_, data_.folder() / name, GetParam(), overrides(), fault);
  }

  /// "EPOCH STEP training step", in the order of training.
  static std::vector<std::string> stops() {
    std::mt19937 random(11);
    std::vector<std::string> places;
    constexpr unsigned kPart = kSteps / kStopsPerEpoch;
    for (unsigned i = 0; i < kStops; ++i) {
      const unsigned step = (i % kStopsPerEpoch) * kPart + 1 + random() % (kPart - 1);
      places.push_back(fmt::format("{} {} training step", i / kStopsPerEpoch + 1, step));
    }
    return places;
  }

  SmallDataset data_;
};

/// The samples of each step in order, with what augmentation made of them, from the last stop on.
void expect_next_batches(const std::filesystem::path& run, const std::filesystem::path& reference) {
  const std::vector<Json> found = lines_of(run / "steps.jsonl");
  const std::vector<Json> expected = lines_of(reference / "steps.jsonl");
  ASSERT_EQ(found.size(), expected.size());
  std::int64_t after = 0;
  std::set<std::string> batches;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i]["batch"], expected[i]["batch"]) << i;
    batches.insert(found[i]["batch"]);
    after += found[i]["epoch"] > kStops / kStopsPerEpoch ? 1 : 0;
  }
  EXPECT_EQ(batches.size(), found.size()) << "no batch is like another";
  EXPECT_GE(after, kStepsAfter);
}

TEST_P(ExactResume, StoppedAtTenRandomStepsEndsWithTheSameBits) {
  const ProcessResult whole = train("whole", "");
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  int killed = 0, stopped = 0;
  for (const std::string& place : stops()) {
    const bool kill = (killed + stopped) % 2 == 1;
    const int rank = (killed + stopped) % GetParam();
    const std::string fault = fmt::format("{} {} {}", kill ? "kill" : "usr1", rank, place);
    const ProcessResult result = train("stopped", fault);
    ASSERT_EQ(result.exit_code, kill ? 137 : 85) << fault << ": " << result.err;
    ++(kill ? killed : stopped);
  }
  EXPECT_EQ(killed + stopped, kStops);
  const ProcessResult last = train("stopped", "");
  ASSERT_EQ(last.exit_code, 0) << last.err;
  EXPECT_THAT(last.err, testing::HasSubstr("continuing after epoch"));

  const std::filesystem::path a = data_.folder() / "whole", b = data_.folder() / "stopped";
  EXPECT_EQ(lines_of(a / "metrics.jsonl"), lines_of(b / "metrics.jsonl"));
  EXPECT_EQ(read_file(a / "model/model.safetensors"), read_file(b / "model/model.safetensors"));
  EXPECT_EQ(read_file(a / "predictions-test.jsonl"), read_file(b / "predictions-test.jsonl"));
  EXPECT_EQ(read_file(a / "steps.jsonl"), read_file(b / "steps.jsonl")) << "loss of every step";
  expect_next_batches(b, a);
  // Parameters, moments and the sums of losses depend on every batch, its order and its
  // augmentation since the beginning.
  const auto of_whole = checkpoints_of(a), of_stopped = checkpoints_of(b);
  std::int64_t compared = 0;
  for (const auto& [name, folder] : of_whole) {
    const auto found = of_stopped.find(name);
    ASSERT_NE(found, of_stopped.end()) << name;
    EXPECT_EQ(read_json(folder / "DONE")["state.safetensors"],
              read_json(found->second / "DONE")["state.safetensors"])
        << name;
    EXPECT_EQ(without_times(read_json(folder / "state.json")["state"]),
              without_times(read_json(found->second / "state.json")["state"]))
        << name;
    ++compared;
  }
  const std::int64_t before_the_last_stop = kStops / kStopsPerEpoch * kSteps;
  EXPECT_GE(compared * kStepsBetweenCheckpoints, kStepsAfter + before_the_last_stop);
}

INSTANTIATE_TEST_SUITE_P(OnRanks, ExactResume, testing::Values(1, 2));

}  // namespace
}  // namespace parlando::test
