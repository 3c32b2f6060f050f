#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/report/study/study_row.h"
#include "tests/e2e/small_dataset.h"
#include "tests/support/running_process.h"

namespace parlando::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// A study of two rows and two seeds over trainings of about a second.
class Study : public testing::Test {
 protected:
  Study() {
    write_text(recipe_,
               "name: small\nwaveform: {sample_rate: 22050, duration: 3, fix_length: 66150}\n"
               "features: [{block: log_mel, n_mels: 16, hop_length: 1024}]\n"
               "split: {scheme: stratified, by: emotion}\n");
    write_text(data_.folder() / "wide.yaml",
               "# Twelve units.\ntrain: {model: {lstm: {hidden: 12}}}\n");
    write_study(3);
  }

  void write_study(int epochs) const {
    write_text(
        data_.folder() / "parts.yaml",
        "name: parts\npreprocess: " + recipe_.string() + "\ntrain: " + data_.config().string() +
            "\nseeds: [1, 2]\nbaseline: plain\nrows:\n" + "  - {id: plain, set: {epochs: 3}}\n" +
            "  - {id: wide, overlays: [" + (data_.folder() / "wide.yaml").string() +
            "], set: {epochs: " + std::to_string(epochs) + "}}\n");
  }

  std::vector<std::string> command(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{program("parlando-study"),
                                   "run",
                                   "--config",
                                   (data_.folder() / "parts.yaml").string(),
                                   "--corpus",
                                   data_.corpus().string(),
                                   "--out",
                                   out().string(),
                                   "--results",
                                   results().string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  ProcessResult act(const std::string& action) const {
    return run_process({program("parlando-study"), action, "--out", out().string()});
  }
  fs::path out() const { return data_.folder() / "work"; }
  fs::path results() const { return data_.folder() / "results"; }
  fs::path row(const std::string& id, int seed) const {
    return results() / "parts" / id / report::study_row_file(static_cast<std::uint64_t>(seed), {});
  }
  std::map<std::string, fs::file_time_type> rows_there() const {
    std::map<std::string, fs::file_time_type> found;
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(results(), none)) {
      if (entry.path().extension() == ".json")
        found[entry.path().string()] = fs::last_write_time(entry.path());
    }
    return found;
  }

  SmallDataset data_;
  fs::path recipe_ = data_.folder() / "recipe.yaml";
};

TEST_F(Study, ContinuesAfterKillsAndMakesNothingTwice) {
  std::map<std::string, fs::file_time_type> seen;
  for (int kill = 0; kill < 4 && seen.size() < 3; ++kill) {
    RunningProcess process(command(), data_.folder() / "study.log");
    for (int i = 0; i < 1000 && process.running() && rows_there().size() <= seen.size(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    process.signal(SIGKILL);
    process.wait();
    for (const auto& [file, time] : rows_there()) {
      const auto [entry, fresh] = seen.emplace(file, time);
      EXPECT_EQ(entry->second, time) << file << " was made again";
    }
  }
  EXPECT_FALSE(seen.empty());
  const ProcessResult last = run_process(command());
  ASSERT_EQ(last.exit_code, 0) << last.err << last.out;
  const auto all = rows_there();
  EXPECT_EQ(all.size(), 4u);
  for (const auto& [file, time] : seen) EXPECT_EQ(all.at(file), time) << file << " was made again";

  const ProcessResult again = run_process(command());
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.err, HasSubstr("all 4 runs are there, nothing to do"));
  EXPECT_EQ(rows_there(), all);
  EXPECT_THAT(act("status").out, HasSubstr("4 runs: 4 there, 0 running, 0 to make"));
}

TEST_F(Study, ThatChoosesLeavesTheTestSideUnread) {
  const fs::path file = data_.folder() / "parts.yaml";
  write_text(file, read_text(file) + "side: validation\n");
  const ProcessResult done = run_process(command());
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const report::StudyRow plain = report::read_study_row(row("plain", 1));
  EXPECT_EQ(plain.side, "validation");
  EXPECT_EQ(plain.figures, plain.validation);
  EXPECT_EQ(plain.n_test, plain.n_validation);
  int runs = 0;
  for (const auto& entry : fs::directory_iterator(out() / "trials")) {
    EXPECT_FALSE(fs::exists(entry.path() / "run" / "test_reads.jsonl"));
    EXPECT_FALSE(fs::exists(entry.path() / "run" / "result.json"));
    ++runs;
  }
  EXPECT_EQ(runs, 4);
  const ProcessResult report =
      run_process({program("parlando-report"), (results() / "parts").string(), "--out",
                   (data_.folder() / "page").string()});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_THAT(read_text(data_.folder() / "page" / "report.md"), HasSubstr("VALIDATION SIDE"));

  // Asked for the test side later, every row is made again.
  write_study(3);
  const ProcessResult tested = run_process(command());
  ASSERT_EQ(tested.exit_code, 0) << tested.err;
  EXPECT_THAT(tested.err, HasSubstr("its figures are of the validation side"));
  EXPECT_EQ(report::read_study_row(row("plain", 1)).side, "test");
}

TEST_F(Study, WritesRowsThatAreComparedInPairs) {
  const ProcessResult done = run_process(command({"--tidy"}));
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("wide"));
  const report::StudyRow plain = report::read_study_row(row("plain", 1));
  const report::StudyRow wide = report::read_study_row(row("wide", 1));
  const report::StudyRow other = report::read_study_row(row("plain", 2));
  EXPECT_EQ(plain.made_by.split_hash, wide.made_by.split_hash) << "paired: the same test clips";
  EXPECT_NE(plain.made_by.split_hash, other.made_by.split_hash) << "each seed its own draw";
  EXPECT_NE(plain.made_by.train_key, wide.made_by.train_key);
  EXPECT_LT(plain.parameters, wide.parameters);
  EXPECT_EQ(plain.curve.epoch.size(), 3u);
  EXPECT_EQ(plain.n_test, plain.confusion.total());
  EXPECT_EQ(static_cast<std::int64_t>(plain.errors.size()),
            plain.n_test - static_cast<std::int64_t>(
                               plain.figures.accuracy * static_cast<double>(plain.n_test) + 0.5));
  std::int64_t supported = 0;
  for (const auto& [speaker, counts] : plain.support)
    for (const std::int64_t count : counts) supported += count;
  EXPECT_EQ(supported, plain.n_test);
  EXPECT_THAT(plain.made_by.command, HasSubstr("--only plain/1"));
  EXPECT_THAT(plain.made_by.command, Not(HasSubstr(data_.folder().string())))
      << "no path of this machine";
  // Tidy: neither checkpoints nor datasets stay; the test side was read once.
  EXPECT_TRUE(fs::is_empty(out() / "datasets") ||
              !fs::exists(out() / "datasets" / "manifest.json"));
  for (const auto& entry : fs::directory_iterator(out() / "datasets"))
    EXPECT_FALSE(entry.is_directory()) << entry.path();
  for (const auto& entry : fs::directory_iterator(out() / "trials")) {
    EXPECT_FALSE(fs::exists(entry.path() / "run" / "checkpoints"));
    const std::string reads = read_text(entry.path() / "run" / "test_reads.jsonl");
    EXPECT_EQ(std::count(reads.begin(), reads.end(), '\n'), 1);
  }

  // The printed command makes the row again, with the same figures.
  const auto before = rows_there();
  const ProcessResult redone = run_process(command({"--only", "wide/2"}));
  EXPECT_EQ(redone.exit_code, 0) << redone.err;
  EXPECT_THAT(redone.err, HasSubstr("wide seed 2: the figures equal those of the row"));
  for (const auto& [file, time] : rows_there())
    EXPECT_EQ(time != before.at(file), file == row("wide", 2).string()) << file;

  // A changed row is made again, and it alone.
  write_study(2);
  const auto then = rows_there();
  const ProcessResult changed = run_process(command());
  EXPECT_EQ(changed.exit_code, 0) << changed.err;
  EXPECT_THAT(changed.err,
              HasSubstr("2 because its file was made with another configuration of the training"));
  EXPECT_THAT(changed.err, HasSubstr("wide seed 1, wide seed 2"));
  for (const auto& [file, time] : rows_there())
    EXPECT_EQ(time != then.at(file), file.find("/wide/") != std::string::npos) << file;
  EXPECT_EQ(report::read_study_row(row("wide", 1)).curve.epoch.size(), 2u);

  // A row that somebody removed comes back without a training.
  fs::remove(row("wide", 1));
  const ProcessResult back = run_process(command());
  EXPECT_EQ(back.exit_code, 0) << back.err;
  EXPECT_THAT(back.err, HasSubstr("nothing to do"));
  EXPECT_TRUE(fs::exists(row("wide", 1)));
}

TEST_F(Study, NamesWhatFailedAndRefusesWhatCannotWork) {
  EXPECT_EQ(act("status").exit_code, 4);
  const auto refused = [&](const std::vector<std::string>& more, const std::string& words) {
    const ProcessResult result = run_process(command(more));
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.err, HasSubstr(words));
  };
  refused({"--only", "plan/1"}, "did you mean 'plain/1'?");
  refused({"trial.thread=2"}, "did you mean 'threads'");

  write_text(data_.folder() / "wide.yaml", "train: {optimizer: {learning_rate: 1e30}}\n");
  const ProcessResult failed = run_process(command());
  EXPECT_EQ(failed.exit_code, 3) << failed.err;
  EXPECT_THAT(failed.out, HasSubstr("failed: wide seed 1: parlando-train: "));
  EXPECT_THAT(failed.out, HasSubstr("missing: 2 of 4: wide seed 1, wide seed 2"));
  EXPECT_EQ(rows_there().size(), 2u);
  EXPECT_EQ(act("collect").exit_code, 3);
}

}  // namespace
}  // namespace parlando::test
