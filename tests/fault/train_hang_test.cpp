#include <chrono>
#include <cstdlib>
#include <future>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/faulty_run.h"
#include "train/checkpoint/checkpoint.h"

namespace parlando::test {
namespace {

using testing::HasSubstr;

// Long enough for two ranks that share a loaded core, short enough for a test.
constexpr const char* kFirstTimeout = "distributed.first_timeout_seconds=8";
constexpr const char* kTimeout = "distributed.timeout_seconds=4";
constexpr double kLongestTimeout = 8;
/// Start of two processes, training until the fault, and mpirun's end of a job.
constexpr double kOverhead = 20;
/// Jobs that wait at the same time; they hardly compute.
constexpr std::size_t kTogether = 4;

struct Case {
  std::string kind;
  int rank = 1;
  std::string where;  ///< "EPOCH STEP OPERATION"
  bool has_checkpoint = true;

  std::string operation() const { return where.substr(4); }
};

std::string name_of(const Case& c) {
  return c.kind + " " + std::to_string(c.rank) + " " + c.where;
}

std::vector<Case> matrix() {
  const std::vector<Case> places{
      {.kind = "", .rank = 1, .where = "0 0 connecting", .has_checkpoint = false},
      {.kind = "", .rank = 1, .where = "0 0 loading data", .has_checkpoint = false},
      {.kind = "", .rank = 1, .where = "2 3 training step"},
      {.kind = "", .rank = 1, .where = "2 0 validation"},
      {.kind = "", .rank = 0, .where = "2 0 writing a checkpoint's state"}};
  // The same places on the other rank, between collectives, and where the protocol commits.
  const std::vector<Case> more_places{
      {.kind = "", .rank = 0, .where = "0 0 connecting", .has_checkpoint = false},
      {.kind = "", .rank = 0, .where = "0 0 opening the run", .has_checkpoint = false},
      {.kind = "", .rank = 1, .where = "0 0 restoring a checkpoint", .has_checkpoint = false},
      {.kind = "", .rank = 0, .where = "2 3 training step"},
      {.kind = "", .rank = 1, .where = "2 3 gradient all_reduce"},
      {.kind = "", .rank = 0, .where = "2 0 validation"},
      {.kind = "", .rank = 1, .where = "2 0 checkpoint"},
      {.kind = "", .rank = 0, .where = "2 0 publishing a checkpoint"},
      {.kind = "", .rank = 1, .where = "2 0 testing"}};
  std::vector<Case> all;
  const bool everything = std::getenv("PARLANDO_FULL_FAULTS") != nullptr;
  for (const std::string kind : {"kill", "stop", "throw", "sleep", "exit"}) {
    for (const Case& place : places) {
      all.push_back(place);
      all.back().kind = kind;
    }
    for (const Case& place : everything ? more_places : std::vector<Case>{}) {
      all.push_back(place);
      all.back().kind = kind;
    }
  }
  return all;
}

struct Outcome {
  Case wanted;
  ProcessResult result;
  double seconds = 0;
  std::filesystem::path run;
};

class TrainHang : public testing::Test {
 protected:
  Outcome run(const Case& wanted, int ranks) const {
    std::string folder = name_of(wanted);
    std::ranges::replace(folder, ' ', '-');
    Outcome outcome{.wanted = wanted, .result = {}, .run = data_.folder() / folder};
    const auto start = std::chrono::steady_clock::now();
    outcome.result = faulty_run(
        data_, outcome.run, ranks,
        {"epochs=2", "threads=1", "checkpoint.keep=1", kFirstTimeout, kTimeout}, name_of(wanted));
    outcome.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return outcome;
  }

  static void expect_intact_checkpoint(const std::filesystem::path& run) {
    const auto checkpoints = checkpoints_of(run);
    ASSERT_FALSE(checkpoints.empty());
    // mpirun lets a stopped rank go on for a second before it kills it: it may complete one more.
    for (const auto& [name, folder] : checkpoints)
      EXPECT_NO_THROW(train::read_checkpoint(folder)) << name;
  }

  SmallDataset data_;
};

void expect_ended(const Outcome& outcome) {
  const std::string& said = outcome.result.err;
  EXPECT_NE(outcome.result.exit_code, 0);
  EXPECT_NE(outcome.result.exit_code, 85);
  EXPECT_LT(outcome.seconds, kLongestTimeout + kOverhead);
  EXPECT_THAT(said, HasSubstr("rank " + std::to_string(outcome.wanted.rank))) << "which rank";
  const std::string& kind = outcome.wanted.kind;
  if (kind == "throw" || kind == "sleep") {
    // While one is written all ranks agree that it failed, as a whole.
    const bool agreed = kind == "throw" && outcome.wanted.has_checkpoint &&
                        outcome.wanted.operation().find("checkpoint") != std::string::npos;
    EXPECT_THAT(said, HasSubstr("in " + (agreed ? "checkpoint" : outcome.wanted.operation())))
        << "where, it says itself";
  } else if (outcome.wanted.has_checkpoint) {
    EXPECT_THAT(said, HasSubstr("last in ")) << "where, the other rank says";
  }
}

TEST_F(TrainHang, EveryFaultOfARankEndsTheJobInTimeAndIsNamed) {
  const std::vector<Case> cases = matrix();
  for (std::size_t begin = 0; begin < cases.size(); begin += kTogether) {
    std::vector<std::future<Outcome>> together;
    for (std::size_t i = begin; i < std::min(begin + kTogether, cases.size()); ++i) {
      together.push_back(
          std::async(std::launch::async, [this, &cases, i] { return run(cases[i], 2); }));
    }
    for (std::future<Outcome>& future : together) {
      const Outcome outcome = future.get();
      SCOPED_TRACE(name_of(outcome.wanted) + "\nexit code " +
                   std::to_string(outcome.result.exit_code) + ", " +
                   std::to_string(outcome.seconds) + " s\n" + outcome.result.err);
      expect_ended(outcome);
      if (outcome.wanted.has_checkpoint) expect_intact_checkpoint(outcome.run);
    }
  }
}

TEST_F(TrainHang, ADataPathThatSleepsEndsASingleProcess) {
  const Outcome outcome = run({.kind = "sleep", .rank = 0, .where = "2 3 training step"}, 1);
  EXPECT_EQ(outcome.result.exit_code, 5) << outcome.result.err;
  EXPECT_THAT(outcome.result.err,
              testing::ContainsRegex("parlando-train: no progress for .* s in training step, step "
                                     "3 of epoch 2; the job ends"));
  EXPECT_LT(outcome.seconds, kLongestTimeout + kOverhead);
  expect_intact_checkpoint(outcome.run);
}

}  // namespace
}  // namespace parlando::test
