#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/json.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/made_up_study.h"
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

TEST(ReportVerb, KnowsAStudy) {
  const test::ScratchFolder folder;
  MadeUpStudy{.rows = {{.id = "base"}, {.id = "worse", .error = 0.5}}, .seeds = {1, 2, 3}}.write(
      folder.path());
  const std::string file = (folder / "studies/made-up.yaml").string();
  const auto result = report({file, "--json", "--readme", "--rows", "worse"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = parse_json(result.out, "stdout");
  EXPECT_EQ(json.at("comparisons").at(0).at("row"), "worse");
  EXPECT_EQ(json.at("comparisons").at(0).at("pairs"), 3);
  const auto results = folder / "results/made-up";
  EXPECT_TRUE(std::filesystem::exists(results / "report/index.html"));
  EXPECT_THAT(test::read_text(results / "README.md"), HasSubstr("## Results"));
  EXPECT_EQ(report({results.string(), "--out", (folder / "out").string()}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "out/index.html"));

  const auto unknown = report({file, "--rows", "wors"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'worse'?"));
  write_run_folder(folder / "run");
  EXPECT_EQ(report({(folder / "run").string(), "--readme"}).exit_code, 2);
  EXPECT_EQ(report({(folder / "run").string(), file, "--out", "x"}).exit_code, 2);
}

TEST(ReportVerb, NamesADamagedRunOfAStudy) {
  const test::ScratchFolder folder;
  MadeUpStudy{.rows = {{.id = "base"}}, .seeds = {1, 2}}.write(folder.path());
  const auto damaged = folder / "results/made-up/base/seed-02.json";
  const std::string text = test::read_text(damaged);
  test::write_text(damaged, text.substr(0, text.size() / 2));
  const auto half = report({(folder / "studies/made-up.yaml").string()});
  EXPECT_EQ(half.exit_code, 4) << half.err;
  EXPECT_THAT(half.err, HasSubstr("seed-02.json"));

  std::string changed = text;
  changed.replace(changed.find("\"accuracy\":0."), 13, "\"accuracy\":0.0");
  test::write_text(damaged, changed);
  const auto wrong = report({(folder / "studies/made-up.yaml").string()});
  EXPECT_EQ(wrong.exit_code, 4) << wrong.err;
  EXPECT_THAT(wrong.err, HasSubstr("base/seed-02.json: figures are not those of confusion"));

  std::filesystem::remove_all(folder / "results");
  const auto none = report({(folder / "studies/made-up.yaml").string()});
  EXPECT_EQ(none.exit_code, 4);
  EXPECT_THAT(none.err, HasSubstr("parlando study run"));
}

TEST(ReportVerb, WarnsWithoutGnuplotAndGoesOn) {
  const test::ScratchFolder folder;
  MadeUpStudy{.rows = {{.id = "base"}}, .seeds = {1, 2}}.write(folder.path());
  const auto result =
      test::run_process({test::program("parlando-report"), (folder / "results/made-up").string()},
                        {.environment = {{"PATH", folder.path().string()}}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("there is no gnuplot on PATH"));
  EXPECT_TRUE(std::filesystem::exists(folder / "results/made-up/report/results.csv"));
}

}  // namespace
}  // namespace parlando::report
