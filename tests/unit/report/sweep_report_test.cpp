#include "common/report/sweep/sweep_report.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/report/sweep/sweep_record.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/markup.h"
#include "tests/unit/report/sweep_results.h"

namespace parlando::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

class SweepReport : public testing::Test {
 protected:
  /// Writes the report, checks that the page is well-formed, and returns it.
  std::string page(const SweepResults& results) {
    std::filesystem::remove_all(folder_ / "sweep");
    results.write(folder_ / "sweep");
    write_sweep_report(folder_ / "sweep", folder_ / "out");
    const std::string html = test::read_text(folder_ / "out" / "index.html");
    EXPECT_EQ(markup_defect(html), "");
    for (const std::string& picture : pictures(html)) {
      if (picture.find("aria-hidden") != std::string::npos) continue;  // samples of lines
      EXPECT_THAT(picture, HasSubstr("<title"));
      EXPECT_THAT(picture, HasSubstr("<desc"));
      for (const char* no_number : {"nan,", ",nan", "\"nan", "inf,", ",inf", "\"inf\"", "-inf"})
        EXPECT_EQ(picture.find(no_number), std::string::npos) << no_number;
    }
    return html;
  }
  std::string markdown() const { return test::read_text(folder_ / "out" / "report.md"); }

  test::ScratchFolder folder_;
};

std::vector<MadeUpTrial> many_trials(int count) {
  std::vector<MadeUpTrial> trials;
  for (int i = 0; i < count; ++i) {
    trials.push_back({{{"batch_size", 16 << (i % 3)},
                       {"optimizer.learning_rate", 1e-4 * std::pow(1.01, i)},
                       {"optimizer.kind", i % 2 == 0 ? "adam" : "adamw"},
                       {"epochs", 9}},
                      {0.9 - 0.001 * i}});
  }
  return trials;
}

TEST_F(SweepReport, ShowsAllParts) {
  const std::string html = page(SweepResults(many_trials(30)));
  for (const char* id :
       {"result", "meaning", "leaderboard", "importance", "parallel", "parameters", "curves"})
    EXPECT_THAT(html, HasSubstr(fmt::format("<section id=\"{}\"", id)));
  EXPECT_THAT(html, Not(HasSubstr("<section id=\"open\""))) << "nothing failed";
  EXPECT_EQ(pictures(html).size(), 1 + 4 + 3 + 2u) << "parallel, its key, parameters, curves";
  EXPECT_THAT(html, HasSubstr("The best 20 of 30 configurations"));
  EXPECT_THAT(html, HasSubstr("No trial has read the test side"));
  EXPECT_THAT(html, HasSubstr("The best of 30 configurations was chosen by the very figure"));
  EXPECT_THAT(html, HasSubstr("--data &#39;some data&#39; --run RUN")) << "a word for the shell";
  EXPECT_THAT(html, HasSubstr("<dt>epochs</dt><dd>9</dd>")) << "what is the same everywhere";
  EXPECT_THAT(markdown(), HasSubstr("| 1 | 90.0 % | 25.0 \u2013 75.0 % | 1 | 9 |"));
  EXPECT_EQ(test::read_text(folder_ / "out" / "results.csv"), "trial,configuration\n0,0\n");
}

TEST_F(SweepReport, EscapesHostileNames) {
  SweepResults results(
      {{{{"<script>|\"'&", "<img src=x>|"}}, {0.5}},
       {{{"<script>|\"'&", "`b`\n# c"}}, {0.6}},
       {{{"<script>|\"'&", "d"}}, {}, "failed", "</td><script>alert(1)</script>"}});
  const std::string html = page(results);
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;|&quot;&#39;&amp;"));
  EXPECT_THAT(markdown(), HasSubstr("\\`b\\` \\# c"));
  EXPECT_THAT(markdown(), Not(HasSubstr("<script>")));
}

TEST_F(SweepReport, NamesFailedTrialsByTheirMessage) {
  const std::string html = page(SweepResults({{{{"a", 1}}, {0.5}},
                                              {{{"a", 2}}, {}, "failed", "out of memory"},
                                              {{{"a", 3}}, {}, "failed", "out of memory"},
                                              {{{"a", 4}}, {}, "failed", "a NaN"},
                                              {{{"a", 5}}, {}, "missing"}}));
  EXPECT_THAT(
      html,
      HasSubstr("INCOMPLETE</strong>: 4 of 5 trials have no final result (3 failed, 1 missing)"));
  EXPECT_THAT(html, HasSubstr("<td>2</td><td class=\"words\">1, 2</td><td class=\"words\">out of "
                              "memory</td>"));
  EXPECT_THAT(html, HasSubstr("parlando sweep run --out "));
  EXPECT_THAT(html, HasSubstr("parlando sweep submit --out "));
  EXPECT_THAT(markdown(), HasSubstr("- failed: 1, 2: out of memory\n"));
}

TEST_F(SweepReport, OfOneTrialComparesNothing) {
  const std::string html = page(SweepResults(many_trials(1)));
  EXPECT_THAT(html, HasSubstr("1 trial of 1 configuration: 1 finished"));
  EXPECT_THAT(html, Not(HasSubstr("<section id=\"importance\"")));
  EXPECT_THAT(html, Not(HasSubstr("was chosen by"))) << "there was no choice";
}

TEST_F(SweepReport, WithoutAFinishedTrialSaysSo) {
  SweepResults results({{{{"a", 1}}, {}, "failed", "no data"}, {{{"a", 2}}, {}, "missing"}});
  results.write_curves = false;
  const std::string html = page(results);
  EXPECT_THAT(html, HasSubstr("no trial has a value"));
  EXPECT_THAT(html, Not(HasSubstr("best.yaml"))) << "there is none";
  EXPECT_THAT(html, Not(HasSubstr("<section id=\"leaderboard\"")));
}

TEST_F(SweepReport, TakesValuesThatAreNoNumbers) {
  const std::string html =
      page(SweepResults({{{{"a", 1}}, {0.5}}, {{{"a", 2}}, {kGap}}, {{{"a", 3}}, {kGap}}}));
  EXPECT_THAT(html, HasSubstr("<section id=\"leaderboard\""));
  const std::string none = page(SweepResults({{{{"a", 1}}, {kGap}}, {{{"a", 2}}, {kGap}}}));
  EXPECT_THAT(none, HasSubstr("no trial has a value"));
}

TEST_F(SweepReport, OfFiveHundredTrialsStaysReadable) {
  const std::string html = page(SweepResults(many_trials(500)));
  EXPECT_LT(html.size(), 2'000'000u);
  EXPECT_EQ(occurrences(html, "class=\"line q1\""), 125u + 1) << "a quarter, and the key";
}

TEST_F(SweepReport, StandsAListOverDecadesInColumns) {
  const char* rate = "optimizer.learning_rate";  // on a logarithmic scale in these results
  const std::string html =
      page(SweepResults({{{{rate, 1e-3}, {"a", 1}}, {0.5}}, {{{rate, 1e30}, {"a", 2}}, {0.6}}}));
  EXPECT_THAT(html, HasSubstr("class=\"line q1\" points=\"70.0,44.0 460.0,44.0 850.0,44.0\""))
      << "the best: the last column of both, and the top of the metric";
  EXPECT_THAT(html, HasSubstr("class=\"line q3\" points=\"70.0,290.0 460.0,290.0 850.0,290.0\""));
  EXPECT_THAT(html, HasSubstr(">1e+30<"));
}

TEST_F(SweepReport, RanksALossFromBelow) {
  SweepResults results({{{{"a", 1}}, {0.4}}, {{{"a", 2}}, {1.6}}});
  results.metric = "validation_loss";
  const std::string html = page(results);
  EXPECT_THAT(html, HasSubstr("less is better"));
  EXPECT_THAT(html, HasSubstr("the best ends at 0.4, the last at 1.6"));
}

TEST_F(SweepReport, SaysWhereHalvingStoppedATrial) {
  const std::string html = page(SweepResults({{{{"a", 1}}, {0.2, 0.4, 0.6}},
                                              {{{"a", 2}}, {0.3, 0.3}, "stopped"},
                                              {{{"a", 3}}, {0.1}, "stopped"}},
                                             {1, 3, 9}));
  EXPECT_THAT(html, HasSubstr("<td>epoch 3</td>"));
  EXPECT_THAT(html, HasSubstr("after 1 epoch, the first rung"));
  EXPECT_THAT(html, HasSubstr("1 finished, 2 stopped early"));
  // Arrivals, each with what it cost: 1, 1, 1 epochs, then 2 and 2, then 6.
  EXPECT_THAT(html, HasSubstr("60.0 % after 13 epochs"));
}

TEST_F(SweepReport, RefusesResultsOlderThanTheTrials) {
  const std::filesystem::path sweep = folder_ / "sweep";
  const auto message = [&] {
    try {
      read_sweep(sweep);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::artefact);
      return std::string(error.what());
    }
    return std::string("none");
  };
  SweepResults({{{{"a", 1}}, {0.5}}, {{{"a", 2}}, {}, "missing"}}).write(sweep);
  EXPECT_EQ(message(), "none");
  test::write_text(sweep / "outcomes" / ".0001.json.tmp", "");
  EXPECT_EQ(message(), "none") << "a file that is being written does not count";
  test::write_text(sweep / "rungs" / "0" / "0001.json", "{}");
  EXPECT_THAT(message(), HasSubstr("'parlando sweep collect --out"));
  std::filesystem::remove(sweep / "results.json");
  EXPECT_THAT(message(), HasSubstr("'parlando sweep collect --out"));
  test::write_text(sweep / "results.json", "{}");
  EXPECT_THAT(message(), HasSubstr("'parlando sweep collect --out")) << "no version";
}

}  // namespace
}  // namespace parlando::report
