#include "common/report/run_report.h"

#include <regex>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/markup.h"
#include "tests/unit/report/run_folder.h"

namespace parlando::report {
namespace {

using testing::HasSubstr;
using testing::Not;

class RunReport : public testing::Test {
 protected:
  std::string page_of(const RunFolder& run) {
    write_run_folder(folder_ / "my-run", run);
    write_run_report(folder_ / "my-run", folder_ / "report");
    return test::read_text(folder_ / "report" / "index.html");
  }

  test::ScratchFolder folder_;
};

TEST_F(RunReport, ShowsTheFiguresOfTheRun) {
  const std::string page = page_of({});
  EXPECT_THAT(page, HasSubstr("<h1>my-run</h1>"));
  // 30 of 40 clips; recalls 10/14, 12/13 and 8/13.
  EXPECT_THAT(page, HasSubstr("75.0<span class=\"unit\">"));
  EXPECT_THAT(page, HasSubstr("75.1<span class=\"unit\">"));
  EXPECT_THAT(page, HasSubstr("10 of 14 calm clips recognised as calm"));
  EXPECT_THAT(page, HasSubstr("5 of 13 sad clips recognised as calm"));
  EXPECT_THAT(page, HasSubstr("best: epoch 9"));
  EXPECT_THAT(page, HasSubstr("Steps waited 0.4 % of their time for data."));
  EXPECT_THAT(page, HasSubstr("626\u202f904"));
  for (const char* hash : {"c0rpu5", "da7a5e7", "5p117", "c0nf16", "1.2.3", "node-17"}) {
    EXPECT_THAT(page, HasSubstr(hash));
  }
}

TEST_F(RunReport, SaysWhatTheFiguresDoNotShow) {
  const std::string page = page_of({});
  EXPECT_THAT(page, HasSubstr("The same speakers are on both sides"));
  EXPECT_THAT(page, HasSubstr("They say nothing about unknown speakers"));
  EXPECT_THAT(page, HasSubstr("24 professional actors"));
  EXPECT_THAT(page, HasSubstr("31 of the 40 test clips (77.5 %)"));
  EXPECT_THAT(page, HasSubstr("The test side was read once"));
  EXPECT_THAT(page, HasSubstr("03-01-03-01-02-02-07"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"warning\"")));
}

TEST_F(RunReport, WarnsLoudlyAboutLeaksThatWereAllowed) {
  for (const bool evaluated : {true, false}) {
    RunFolder run;
    run.leaks = {"validation-is-test"};
    run.evaluated = evaluated;
    const std::string page = page_of(run);
    EXPECT_THAT(page, HasSubstr("<strong>LEAK ALLOWED.</strong>"));
    EXPECT_THAT(page, HasSubstr("the test side chose the epoch"));
    EXPECT_THAT(page, HasSubstr("leak: validation-is-test"));
    EXPECT_THAT(page, Not(HasSubstr("The test side was read once, after training")));
    std::filesystem::remove_all(folder_.path() / "my-run");
  }
}

TEST_F(RunReport, WarnsLoudlyAboutPermutedLabels) {
  RunFolder run;
  run.permuted_labels = true;
  EXPECT_THAT(page_of(run), HasSubstr("<strong>LABELS PERMUTED.</strong>"));
}

TEST_F(RunReport, NamesTheChannelsThatASideIsLimitedTo) {
  RunFolder run;
  run.channels = {{"train", Json::array()}, {"test", {"speech"}}};
  EXPECT_THAT(page_of(run), HasSubstr("test side: speech"));
}

TEST_F(RunReport, WarnsLoudlyAboutMadeUpSound) {
  RunFolder run;
  run.corpus = "synthetic";
  run.synthetic = true;
  const std::string page = page_of(run);
  EXPECT_THAT(page, HasSubstr("MADE-UP SOUND"));
  EXPECT_LT(page.find("MADE-UP SOUND"), page.find("class=\"cards\"")) << "before any figure";
  EXPECT_THAT(page, Not(HasSubstr("24 professional actors")));
  EXPECT_THAT(test::read_text(folder_ / "report" / "report.md"), HasSubstr("MADE-UP SOUND"));
}

TEST_F(RunReport, WarnsAboutALeakAndAboutManyReadsOfTheTestSide) {
  RunFolder run;
  run.identical_audio = 2;
  run.reads = 3;
  const std::string page = page_of(run);
  EXPECT_THAT(page, HasSubstr("<strong>LEAK.</strong> Identical audio is on the other side"));
  EXPECT_THAT(page, HasSubstr("The test side was read 3 times"));
}

TEST_F(RunReport, LoadsNothingFromElsewhere) {
  const std::string page = page_of({});
  const std::string without_namespace =
      std::regex_replace(page, std::regex("xmlns=\"http://www.w3.org/2000/svg\""), "");
  for (const char* foreign :
       {"http:", "https:", "//www", "<script", "<link", "<img", "@import", "url(", "src="}) {
    EXPECT_THAT(without_namespace, Not(HasSubstr(foreign)));
  }
}

TEST_F(RunReport, IsWellFormedWithNamedPictures) {
  const std::string page = page_of({});
  EXPECT_EQ(markup_defect(page), "");
  // Classes, three groups of two, actors (four), reliability, loss, accuracy, learning rate, speed.
  EXPECT_EQ(pictures(page).size(), 10u);
  for (const std::string& picture : pictures(page)) {
    EXPECT_EQ(markup_defect(picture), "");
    EXPECT_THAT(picture, HasSubstr("role=\"img\" aria-labelledby="));
    EXPECT_THAT(picture, Not(HasSubstr("nan")));
    EXPECT_THAT(picture, Not(HasSubstr("inf")));
  }
  EXPECT_EQ(occurrences(page, "<table"), occurrences(page, "<caption>"));
}

TEST_F(RunReport, EscapesHostileTexts) {
  const std::string hostile = "<script>alert('x')</script>\"&";
  RunFolder run;
  run.corpus = hostile;
  run.classes = {"calm" + hostile, "a|b\n# c", "sad"};
  run.config_note = hostile + "]]>\x01";
  run.reason = hostile + "| x |";
  const std::string page = page_of(run);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_EQ(markup_defect(page), "");
  const std::string markdown = test::read_text(folder_ / "report" / "report.md");
  EXPECT_THAT(markdown, Not(HasSubstr("<script"))) << "Markdown renders raw HTML";
  EXPECT_THAT(markdown, HasSubstr("a\\|b \\# c"));
}

TEST_F(RunReport, WritesTablesForOtherPrograms) {
  page_of({});
  EXPECT_EQ(test::read_text(folder_ / "report" / "confusion.csv"),
            "true,calm,happy,sad\ncalm,10,4,0\nhappy,0,12,1\nsad,5,0,8\n");
  EXPECT_THAT(test::read_text(folder_ / "report" / "per_class.csv"),
              HasSubstr("\nhappy,0.75,0.9230769230769231,0.8275862068965517,13\n"));
  EXPECT_THAT(test::read_text(folder_ / "report" / "report.md"), HasSubstr("| accuracy | 75.0 |"));
}

TEST_F(RunReport, ShowsCalibrationAndTheMostConfidentErrors) {
  write_run_folder(folder_ / "my-run");
  std::vector<metrics::Prediction> predictions = sample_predictions();
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    predictions[i].statement = i % 2 == 0 ? "kids" : "dogs";
    const bool surest = predictions[i].clip == "clip-2-12";
    predictions[i].probabilities.assign(3, surest ? 0.05 : 0.25);
    predictions[i].probabilities[static_cast<std::size_t>(predictions[i].predicted)] =
        surest ? 0.9 : 0.5;
  }
  metrics::write_predictions(folder_ / "my-run" / "predictions-test.jsonl", predictions);
  write_run_report(folder_ / "my-run", folder_ / "report");
  const std::string page = test::read_text(folder_ / "report" / "index.html");
  EXPECT_EQ(markup_defect(page), "");
  // 39 clips of confidence 0.5, 30 of them right, and one of 0.9 that is wrong.
  const double error = (39 * (30.0 / 39 - 0.5) + 0.9) / 40;
  EXPECT_THAT(page, HasSubstr(fmt::format("over 15 bins): {:.1f} points", 100 * error)));
  EXPECT_THAT(page, HasSubstr("<section id=\"clips\""));
  EXPECT_LT(page.find("<code>clip-2-12</code>"), page.find("<code>clip-0-10</code>"))
      << "the surest first";
  EXPECT_THAT(page, HasSubstr("10 of 10 errors"));
  EXPECT_THAT(page, HasSubstr("Accuracy by statement"));
  EXPECT_THAT(test::read_text(folder_ / "report" / "report.md"),
              HasSubstr("| clip-2-12 | sad | calm | 90.0 |"));
}

TEST_F(RunReport, NamesPredictionsOfOtherClasses) {
  write_run_folder(folder_ / "my-run");
  std::vector<metrics::Prediction> predictions = sample_predictions();
  predictions[3].predicted = 7;
  metrics::write_predictions(folder_ / "my-run" / "predictions-test.jsonl", predictions);
  try {
    write_run_report(folder_ / "my-run", folder_ / "report");
    FAIL() << "a class that does not exist was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_THAT(error.what(), HasSubstr("predictions-test.jsonl"));
    EXPECT_THAT(error.what(), HasSubstr("clip-0-3"));
  }
}

TEST_F(RunReport, ReportsARunThatStoppedBeforeItsEvaluation) {
  RunFolder run;
  run.evaluated = false;
  const std::string page = page_of(run);
  EXPECT_THAT(page, HasSubstr("<strong>NOT EVALUATED.</strong>"));
  EXPECT_THAT(page, HasSubstr("12 epochs are finished"));
  EXPECT_THAT(page, HasSubstr("chart-loss"));
  EXPECT_THAT(page, HasSubstr("<code>result.json</code>"));
  EXPECT_EQ(markup_defect(page), "");
}

TEST_F(RunReport, SurvivesAKillInTheMiddleOfALine) {
  RunFolder run;
  run.evaluated = false;
  write_run_folder(folder_ / "my-run", run);
  const std::string lines = test::read_text(folder_ / "my-run" / "metrics.jsonl");
  test::write_text(folder_ / "my-run" / "metrics.jsonl", lines + "{\"epoch\": 13, \"train_");
  write_run_report(folder_ / "my-run", folder_ / "report");
  EXPECT_THAT(test::read_text(folder_ / "report" / "index.html"),
              HasSubstr("12 epochs are finished"));
}

TEST_F(RunReport, DrawsALossThatBecameNaN) {
  RunFolder run;
  run.evaluated = false;
  write_run_folder(folder_ / "my-run", run);
  test::write_text(folder_ / "my-run" / "metrics.jsonl",
                   "{\"epoch\":1,\"train_loss\":null,\"learning_rate\":0}\n");
  write_run_report(folder_ / "my-run", folder_ / "report");
  for (const std::string& picture : pictures(test::read_text(folder_ / "report" / "index.html"))) {
    EXPECT_THAT(picture, Not(HasSubstr("nan")));
    EXPECT_THAT(picture, Not(HasSubstr("inf")));
  }
}

TEST_F(RunReport, RefusesAFolderThatIsNoRun) {
  test::write_text(folder_ / "other" / "notes.txt", "nothing");
  for (const char* name : {"other", "absent"}) {
    try {
      write_run_report(folder_ / name, folder_ / "report");
      FAIL() << name << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::artefact);
      EXPECT_THAT(error.what(), HasSubstr(name));
      EXPECT_THAT(error.what(), HasSubstr("parlando train --run"));
    }
  }
}

TEST_F(RunReport, NamesADamagedResult) {
  write_run_folder(folder_ / "my-run");
  const std::string result = test::read_text(folder_ / "my-run" / "result.json");
  test::write_text(folder_ / "my-run" / "result.json", result.substr(0, result.size() / 2));
  try {
    write_run_report(folder_ / "my-run", folder_ / "report");
    FAIL() << "half a result.json was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::artefact);
    EXPECT_THAT(error.what(), HasSubstr("result.json"));
  }
}

}  // namespace
}  // namespace parlando::report
