#include "common/report/study/study_report.h"

#include <algorithm>
#include <cmath>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/report/plot/plotter.h"
#include "common/report/study/study_csv.h"
#include "common/report/study/study_summaries.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/made_up_study.h"
#include "tests/unit/report/markup.h"

namespace parlando::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::size_t kFewResamples = 100;
constexpr const char* kNoGnuplot = "no-such-gnuplot";

const MadeUpStudy kStudy{.rows = {{.id = "base"},
                                  {.id = "worse", .error = 0.45},
                                  {.id = "same"},
                                  {.id = "leaky", .error = 0.05, .leaks = {"validation-is-test"}},
                                  {.id = "random", .error = 0.67, .permuted_labels = true}},
                         .seeds = {1, 2, 3, 4}};

class StudyReportPage : public testing::Test {
 protected:
  /// Writes the report without figures, checks that the page is well-formed, and returns it.
  std::string page(const StudyRecord& study, StudyReportOptions options = {}) {
    if (options.gnuplot == "gnuplot") options.gnuplot = kNoGnuplot;
    report_ =
        write_study_report(study, analyse_study(study, kFewResamples), folder_ / "out", options);
    const std::string html = test::read_text(folder_ / "out" / "index.html");
    EXPECT_EQ(markup_defect(html), "");
    EXPECT_EQ(occurrences(html, "<table"), occurrences(html, "<caption>"));
    return html;
  }
  std::string written(const std::string& name) const {
    return test::read_text(folder_ / "out" / name);
  }

  test::ScratchFolder folder_;
  StudyReport report_;
};

/// A page without the bytes of its pictures, which are too long for a regular expression.
std::string without_pictures(std::string page) {
  const std::string start = "base64,";
  for (std::size_t at = 0; (at = page.find(start, at)) != std::string::npos; ++at)
    page.erase(at + start.size(), page.find('"', at) - at - start.size());
  return page;
}

/// Markdown without its blocks of code, which are what they are.
std::string without_code(const std::string& markdown) {
  std::string text, fence;
  for (const std::string& line : split_text(markdown, '\n')) {
    const std::string ticks = line.substr(0, line.find_first_not_of('`'));
    if (fence.empty() && ticks.size() >= 3) {
      fence = ticks;
    } else if (!fence.empty()) {
      if (line == fence) fence.clear();
    } else {
      text += line + "\n";
    }
  }
  return text;
}

/// The text between two marks of a page.
std::string between(const std::string& page, const std::string& from, const std::string& to) {
  const std::size_t start = page.find(from);
  if (start == std::string::npos) return "";
  return page.substr(start, page.find(to, start) - start);
}

TEST_F(StudyReportPage, ShowsAllParts) {
  const std::string html = page(kStudy.record());
  for (const char* id : {"results", "differences", "leaks", "reading", "runs", "curves",
                         "confusion", "groups", "clips", "calibration", "robustness", "origin"})
    EXPECT_THAT(html, HasSubstr(fmt::format("<section id=\"{}\"", id)));
  EXPECT_THAT(html, HasSubstr("<h1>A made-up study</h1>"));
  EXPECT_THAT(html, HasSubstr("published: somebody 2020"));
  EXPECT_THAT(html, HasSubstr(">84.1<"));
  EXPECT_THAT(html, HasSubstr("parlando study run --only worse/3"));
  EXPECT_THAT(html, HasSubstr("5p117-2"));
}

TEST_F(StudyReportPage, SaysWhatItConcludesAndWhatItCouldNotSee) {
  const std::string html = page(kStudy.record());
  const std::string table = between(html, "<section id=\"differences\"", "</section>");
  const std::string worse = between(table, ">worse<", "</tr>"),
                    same = between(table, ">same<", "</tr>");
  EXPECT_THAT(worse, HasSubstr(">lower by "));
  EXPECT_THAT(same, HasSubstr(">no difference shown; effects below "));
  EXPECT_THAT(written("differences.csv"),
              testing::ContainsRegex("\nworse,,accuracy,4,-0\\.[0-9]+,"));
  EXPECT_THAT(written("report.md"), HasSubstr("| lower by "));
}

TEST_F(StudyReportPage, KeepsLeaksApart) {
  const std::string html = page(kStudy.record());
  EXPECT_THAT(html, HasSubstr("<strong>ALLOWED LEAK</strong>"));
  EXPECT_LT(html.find("ALLOWED LEAK"), html.find("<table")) << "before any figure";
  const std::string results = between(html, "<section id=\"results\"", "</section>");
  EXPECT_THAT(results, Not(HasSubstr("leaky")));
  EXPECT_THAT(between(html, "<section id=\"differences\"", "</section>"), Not(HasSubstr("leaky")));
  const std::string leaks = between(html, "<section id=\"leaks\"", "</section>");
  EXPECT_THAT(leaks, HasSubstr("<tr class=\"leak\"><th scope=\"row\" class=\"words\">LEAK: leaky"));
  for (const char* file :
       {"results.csv", "runs.csv", "clips.csv", "classes.csv", "differences.csv"})
    EXPECT_THAT(written(file), HasSubstr("leaky,validation-is-test,")) << file;
  // Wherever else the row stands, its name says what it is.
  EXPECT_THAT(html, Not(HasSubstr(">leaky")));
  EXPECT_THAT(html, HasSubstr("<strong>CONTROL</strong>"));
}

TEST_F(StudyReportPage, ReportsAStudyOfControlsAlone) {
  MadeUpStudy made_up{.rows = {{.id = "random", .error = 0.67, .permuted_labels = true}},
                      .seeds = {1, 2}};
  const std::string html = page(made_up.record());
  EXPECT_THAT(html, HasSubstr("Controls with labels dealt out at random"));
  EXPECT_THAT(html, Not(HasSubstr("<section id=\"differences\"")));
}

TEST_F(StudyReportPage, SaysWhichRunsAreMissing) {
  std::vector<StudyRow> runs = kStudy.runs();
  std::erase_if(runs, [](const StudyRow& run) { return run.row == "same" && run.seed != 2; });
  const std::string html = page(arrange_study(kStudy.config(), runs));
  EXPECT_THAT(html, HasSubstr("<strong>INCOMPLETE</strong>. 3 runs are missing"));
  EXPECT_THAT(html, HasSubstr("same: seed 1, seed 3, seed 4"));
  EXPECT_THAT(html, HasSubstr("<td>1 of 4</td>"));
  EXPECT_THAT(html, HasSubstr("not tested: fewer than two runs have a partner"));
}

TEST_F(StudyReportPage, ReportsAStudyThatHasHardlyBegun) {
  const StudyRecord study = arrange_study(kStudy.config(), {made_up_run({.id = "same"}, 1)});
  const std::string html = page(study);
  EXPECT_THAT(html, HasSubstr("0 of 4"));
  EXPECT_THAT(html, Not(HasSubstr("nan")));
}

TEST_F(StudyReportPage, HasItsTablesWithoutGnuplot) {
  const std::string html = page(kStudy.record());
  EXPECT_THAT(html, HasSubstr("<strong>NO FIGURES</strong>"));
  EXPECT_THAT(html, HasSubstr("gnuplot-nox"));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_EQ(report_.figures, 0u);
  EXPECT_THAT(written("figures/results-accuracy.gp"), HasSubstr("results-accuracy.dat"));
  EXPECT_THAT(written("report.md"), Not(HasSubstr("![")));
}

TEST_F(StudyReportPage, DrawsEveryFigure) {
  const StudyRecord study = kStudy.record();
  if (!Plotter(folder_.path()).trouble().empty()) GTEST_SKIP() << "gnuplot is not installed";
  report_ = write_study_report(study, analyse_study(study, kFewResamples), folder_ / "out",
                               {.rows = {"base", "leaky"}});
  EXPECT_EQ(report_.trouble, "");
  // Results and differences in two figures; five of each chosen row; noise.
  EXPECT_EQ(report_.figures, 2 + 2 + 2 * 5 + 1u);
  std::size_t scripts = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "out" / "figures")) {
    EXPECT_GT(std::filesystem::file_size(file), 0u) << file;
    if (file.path().extension() == ".gp") ++scripts;
    if (file.path().extension() != ".svg") continue;
    EXPECT_THAT(test::read_text(file.path()), HasSubstr("</svg>"));
    EXPECT_GT(std::filesystem::file_size(std::filesystem::path(file).replace_extension("png")),
              2000u);
  }
  EXPECT_EQ(scripts, report_.figures);
  const std::string html = test::read_text(folder_ / "out" / "index.html");
  EXPECT_EQ(markup_defect(without_pictures(html)), "");
  EXPECT_THAT(html, Not(HasSubstr(">leaky"))) << "no picture of a leak without its mark";
  EXPECT_EQ(occurrences(html, "src=\"data:image/svg+xml;base64,"), report_.figures);
  EXPECT_EQ(occurrences(html, "src="), report_.figures) << "the page loads nothing";
  EXPECT_EQ(occurrences(test::read_text(folder_ / "out" / "report.md"), "!["), report_.figures);
}

TEST_F(StudyReportPage, EscapesHostileTexts) {
  const std::string hostile = "<script>alert('x')</script>\"&|`\n# $(id) %d ````";
  MadeUpStudy made_up{.rows = {{.id = "base"}, {.id = "other", .error = 0.4}}, .seeds = {1, 2, 3}};
  StudyConfig config = made_up.config();
  config.title = config.question = config.published.source = hostile;
  std::vector<StudyRow> runs = made_up.runs();
  for (StudyRow& run : runs) {
    run.classes[1] = hostile;
    run.errors[0].clip = hostile;
    run.robustness[0].condition = hostile + " 20 dB";
    run.breakdowns[0].groups[0].name = hostile;
    run.made_by.command = hostile;
    run.made_by.processor = hostile;
    run.leaks = {run.row == "other" ? hostile : "leak"};
  }
  for (StudyRowConfig& row : config.rows) row.title = row.note = hostile;
  const StudyRecord study = arrange_study(config, runs);
  std::string html = page(study);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  // Drawn too, where gnuplot is: no name breaks a script.
  const bool drawn = Plotter(folder_.path()).trouble().empty();
  if (drawn) {
    report_ = write_study_report(study, analyse_study(study, kFewResamples), folder_ / "out");
    EXPECT_EQ(report_.trouble, "");
    html = written("index.html");
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_EQ(markup_defect(without_pictures(html)), "");
  }
  EXPECT_THAT(without_code(written("report.md")), Not(HasSubstr("<script")));
  EXPECT_THAT(written("report.md"), Not(HasSubstr("\n# $(id)")));
}

TEST_F(StudyReportPage, WritesAReadmeFromTheRunsAlone) {
  const std::string first =
      study_readme(kStudy.record(), analyse_study(kStudy.record(), kFewResamples));
  page(kStudy.record(), {.readme = folder_ / "README.md"});
  EXPECT_EQ(test::read_text(folder_ / "README.md"), first) << "equal results give equal text";
  EXPECT_THAT(first, HasSubstr("## Results"));
  EXPECT_THAT(first, HasSubstr("## Differences from the baseline"));
  EXPECT_THAT(first, HasSubstr("LEAK: leaky"));
  EXPECT_THAT(first, Not(HasSubstr("NO FIGURES")));
  EXPECT_THAT(first, Not(HasSubstr("## Every run")));
  EXPECT_THAT(first, HasSubstr("parlando report experiments/studies/made-up.yaml"));
}

TEST(StudySummaries, FollowTheMedianWhileHalfOfTheRunsTrain) {
  // Seeds 1, 2 and 3 train 9, 10 and 8 epochs.
  const StudyRecord study = MadeUpStudy{.rows = {{.id = "base"}}, .seeds = {1, 2, 3}}.record();
  const auto losses = curve_over_runs(study.entries[0], &StudyCurve::train_loss);
  EXPECT_EQ(losses.back().epoch, 9) << "at 10 one of three is left";
  EXPECT_DOUBLE_EQ(losses[3].value.middle, 0.5);
  EXPECT_EQ(curve_over_runs(study.entries[0], &StudyCurve::validation_uar).size(), 8u)
      << "epoch 2 has no UAR";
}

TEST(StudySummaries, CountHowOftenAClipIsWrongAndAsWhat) {
  StudyRecord study = MadeUpStudy{.rows = {{.id = "base"}}, .seeds = {1, 2, 3}}.record();
  std::vector<StudyRow>& runs = study.entries[0].runs;
  runs[0].errors = {{"a", "01", 0, 1, 0.9}, {"b", "01", 2, 1, 0.99}};
  runs[1].errors = {{"a", "01", 0, 2, 0.5}};
  runs[2].errors = {{"a", "01", 0, 1, 0.7}};
  const std::vector<ConfusedClip> clips = confused_clips(study.entries[0]);
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].clip, "a");
  EXPECT_EQ(clips[0].wrong, 3u);
  EXPECT_NEAR(clips[0].confidence, 0.7, 1e-12);
  EXPECT_THAT(clips[0].taken, ElementsAre(testing::Pair("happy", 2), testing::Pair("sad", 1)));
  EXPECT_THAT(clips_csv(study), HasSubstr("base,,a,calm,3,3,happy,2,0.7\n"));
}

TEST(StudySummaries, TakeF1ByClassFromEachRun) {
  StudyRecord study = MadeUpStudy{.rows = {{.id = "base"}}, .seeds = {1, 2}}.record();
  std::vector<StudyRow>& runs = study.entries[0].runs;
  runs[0].confusion = metrics::ConfusionMatrix(3);
  runs[0].confusion.add(0, 0, 4);
  runs[1].confusion = metrics::ConfusionMatrix(3);
  runs[1].confusion.add(0, 0, 2);
  runs[1].confusion.add(0, 1, 2);
  const std::vector<ClassOverRuns> classes = classes_over_runs(study.entries[0]);
  ASSERT_EQ(classes.size(), 3u);
  EXPECT_EQ(classes[0].name, "calm");
  EXPECT_NEAR(classes[0].f1.middle, (1 + 2.0 / 3) / 2, 1e-12);
  EXPECT_NEAR(classes[0].recall.middle, 0.75, 1e-12);
  EXPECT_NEAR(classes[0].f1_sd, (1 - 2.0 / 3) / std::sqrt(2.0), 1e-12);
  EXPECT_DOUBLE_EQ(classes[0].clips, 4);
}

TEST(ConditionFamilies, AreKindsWithSeveralStrengths) {
  const auto families = condition_families({"clean", "noise 20 dB", "noise 10 dB", "noise 0 dB",
                                            "gain -6 dB", "gain +6 dB", "telephone", "speed 0.9"});
  ASSERT_EQ(families.size(), 2u);
  EXPECT_EQ(families[0].kind, "gain");
  EXPECT_FALSE(families[0].ratio);
  EXPECT_THAT(families[0].conditions,
              ElementsAre(testing::Pair(-6, "gain -6 dB"), testing::Pair(6, "gain +6 dB")));
  EXPECT_EQ(families[1].kind, "noise");
  EXPECT_EQ(families[1].unit, "dB");
  EXPECT_TRUE(families[1].ratio);
  EXPECT_THAT(families[1].conditions,
              ElementsAre(testing::Pair(0, "noise 0 dB"), testing::Pair(10, "noise 10 dB"),
                          testing::Pair(20, "noise 20 dB"), testing::Pair(30, "clean")));
}

}  // namespace
}  // namespace parlando::report
