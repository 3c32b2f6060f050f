#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/json.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/run_folder.h"
#include "tests/unit/report/sweep_results.h"

namespace parlando::report {
namespace {

using testing::HasSubstr;

test::ProcessResult report(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{test::program("parlando-report")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return test::run_process(command);
}

TEST(ReportVerb, PutsOneRunsReportIntoTheRun) {
  const test::ScratchFolder folder;
  write_run_folder(folder / "run");
  const auto result = report({(folder / "run").string()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "") << "stdout is for --json";
  EXPECT_TRUE(std::filesystem::exists(folder / "run" / "report" / "index.html"));
}

TEST(ReportVerb, GivesMeansAsJson) {
  const test::ScratchFolder folder;
  const RunFolder second{.seed = "2"};
  write_run_folder(folder / "a");
  write_run_folder(folder / "b", second);
  const auto result = report({(folder / "a").string(), (folder / "b").string(), "--out",
                              (folder / "out").string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = parse_json(result.out, "stdout");
  EXPECT_EQ(json.at("runs").size(), 2u);
  EXPECT_DOUBLE_EQ(json.at("groups").at(0).at("accuracy").at("mean").get<double>(), 0.75);
  EXPECT_EQ(json.at("groups").at(0).at("accuracy").at("runs"), 2);
}

TEST(ReportVerb, HasTheDocumentedExitCodes) {
  const test::ScratchFolder folder;
  write_run_folder(folder / "a");
  EXPECT_EQ(report({}).exit_code, 2);
  const auto no_out = report({(folder / "a").string(), (folder / "a").string()});
  EXPECT_EQ(no_out.exit_code, 2);
  EXPECT_THAT(no_out.err, HasSubstr("--out"));
  EXPECT_EQ(report({(folder / "absent").string()}).exit_code, 4);
  const auto twice = report(
      {(folder / "a").string(), (folder / "a/../a").string(), "--out", (folder / "out").string()});
  EXPECT_EQ(twice.exit_code, 2) << "a run counted twice would bias the mean";
  EXPECT_THAT(twice.err, HasSubstr("twice"));
}

TEST(ReportVerb, KnowsASweep) {
  const test::ScratchFolder folder;
  SweepResults({{{{"a", 1}}, {0.5}}, {{{"a", 2}}, {0.7}}}).write(folder / "sweep");
  write_run_folder(folder / "run");
  const auto result = report({(folder / "sweep").string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = parse_json(result.out, "stdout");
  EXPECT_EQ(json.at("parameters").at(0).at("key"), "a");
  EXPECT_TRUE(std::filesystem::exists(folder / "sweep" / "report" / "index.html"));

  const auto among_runs = report(
      {(folder / "run").string(), (folder / "sweep").string(), "--out", (folder / "out").string()});
  EXPECT_EQ(among_runs.exit_code, 2);
  EXPECT_THAT(among_runs.err, HasSubstr("is a sweep"));

  std::filesystem::remove(folder / "sweep" / "results.json");
  const auto uncollected = report({(folder / "sweep").string()});
  EXPECT_EQ(uncollected.exit_code, 4);
  EXPECT_THAT(uncollected.err, HasSubstr("parlando sweep collect"));
}

}  // namespace
}  // namespace parlando::report
