#include "common/report/study/study_analysis.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/core/random.h"
#include "common/report/study/study_files.h"
#include "common/report/study/study_words.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/made_up_study.h"

namespace parlando::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kFewResamples = 200;

/// A study of figures alone, in which no row differs from the baseline. Differences of one row
/// share a part of their variance, as those of training sides that share clips do: with the
/// correlation n_test / (n_test + n_train) that the corrected test assumes.
StudyRecord null_study(std::uint64_t number, std::int64_t n_test, double shared) {
  constexpr int kRows = 8, kSeeds = 10;
  constexpr double kSd = 0.02;
  StudyConfig config;
  config.baseline = "row-0";
  config.compare = {"accuracy"};
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) config.seeds.push_back(seed);
  std::vector<StudyRow> runs;
  for (int row = 0; row <= kRows; ++row) {
    config.rows.emplace_back();
    config.rows.back().id = fmt::format("row-{}", row);
    RandomStream stream(number, "null study", static_cast<std::uint64_t>(row));
    const double common = std::sqrt(shared) * kSd * stream.normal();
    for (const std::uint64_t seed : config.seeds) {
      StudyRow run;
      run.row = config.rows.back().id;
      run.seed = seed;
      run.n_train = 2000;
      run.n_test = n_test;
      const double own = std::sqrt(1 - shared) * kSd * stream.normal();
      run.figures.accuracy =
          0.8 + 0.01 * static_cast<double>(seed % 4) + (row == 0 ? 0 : common + own);
      runs.push_back(run);
    }
  }
  return arrange_study(std::move(config), std::move(runs));
}

/// Share of null studies in which at least one row is said to differ.
double false_alarms(std::int64_t n_test) {
  constexpr int kStudies = 200;
  int alarms = 0;
  for (int number = 0; number < kStudies; ++number) {
    const std::vector<Comparison> comparisons =
        compare_entries(null_study(static_cast<std::uint64_t>(number), n_test, 0.2));
    alarms += std::ranges::any_of(comparisons, &Comparison::shown) ? 1 : 0;
  }
  return static_cast<double>(alarms) / kStudies;
}

TEST(StudyComparisons, CallNoDifferenceInNineteenOfTwentyNullStudies) {
  // 200 studies of eight rows: a share of 5 % comes out within 1.5 to 9.5 % with 99.7 % chance.
  const double share = false_alarms(500);
  EXPECT_GE(share, 0.015);
  EXPECT_LE(share, 0.095);
}

TEST(StudyComparisons, WouldCallManyWithoutTheCorrectionOfSharedClips) {
  EXPECT_GT(false_alarms(1), 0.3) << "n_test / n_train near 0 is the plain paired t-test";
}

TEST(StudyAnalysis, FindsAKnownEffectAndNoOther) {
  const StudyRecord study = MadeUpStudy{
      .rows = {{.id = "base", .error = 0.2},
               {.id = "worse", .error = 0.4},
               {.id = "same",
                .error = 0.2}}}.record();
  const StudyAnalysis analysis = analyse_study(study, kFewResamples);
  EXPECT_EQ(analysis.family, 4u) << "two rows in two figures";
  const Comparison& worse = *analysis.comparison(1, 0);
  EXPECT_TRUE(worse.shown());
  EXPECT_NEAR(worse.test.mean, -0.2, 0.04);
  EXPECT_THAT(conclusion(worse), StartsWith("lower by "));
  EXPECT_LT(worse.by_speaker->high, 0);
  EXPECT_EQ(worse.test.pairs, 8u);
  const Comparison& same = *analysis.comparison(2, 0);
  EXPECT_FALSE(same.shown());
  EXPECT_THAT(conclusion(same), testing::ContainsRegex("no difference shown; effects below [0-9.]+ "
                                                       "points would not have been seen"));
  EXPECT_GT(same.detectable, same.detectable_alone) << "the level of Holm's first step is stricter";
  EXPECT_GE(same.p_adjusted, same.test.p);
}

TEST(StudyAnalysis, TakesMeansOverRunsAndSpreadOverSeeds) {
  StudyRecord study =
      MadeUpStudy{.rows = {{.id = "base"}}, .seeds = {1, 2}, .folds = {0, 1}}.record();
  const std::vector<double> accuracies{0.7, 0.9, 0.6, 0.6};
  for (std::size_t i = 0; i < 4; ++i) study.entries[0].runs[i].figures.accuracy = accuracies[i];
  const StudyAnalysis analysis = analyse_study(study, kFewResamples);
  EXPECT_NEAR(analysis.summaries[0].figures[0].mean, 0.7, 1e-12);
  EXPECT_NEAR(analysis.summaries[0].figures[0].sd, std::sqrt(0.02), 1e-12) << "of 0.8 and 0.6";
}

TEST(StudyAnalysis, ComparesOnlyRunsThatHaveAPartner) {
  const MadeUpStudy made_up{.rows = {{.id = "base"}, {.id = "other", .error = 0.5}}};
  std::vector<StudyRow> runs = made_up.runs();
  std::erase_if(runs, [](const StudyRow& run) {
    return (run.row == "base" && run.seed == 2) || (run.row == "other" && run.seed == 5);
  });
  const StudyRecord study = arrange_study(made_up.config(), runs);
  EXPECT_THAT(study.entries[0].missing, ElementsAre("seed 2"));
  EXPECT_EQ(study.missing(), 2u);
  EXPECT_EQ(compare_entries(study)[0].test.pairs, 6u);
  EXPECT_THAT(study_warnings(study)[0], StartsWith("INCOMPLETE. 2 runs are missing"));
}

TEST(StudyAnalysis, ComparesNoRowsThatTestOtherClips) {
  const StudyRecord study =
      MadeUpStudy{.rows = {{.id = "base"}, {.id = "song", .error = 0.6, .song_alone = true}}}
          .record();
  const Comparison comparison = compare_entries(study)[0];
  EXPECT_FALSE(comparison.tested());
  EXPECT_TRUE(std::isnan(comparison.p_adjusted));
  EXPECT_EQ(conclusion(comparison), "not tested: tested on other clips");
}

TEST(StudyAnalysis, LeavesControlsOutOfTheFamily) {
  const StudyRecord study =
      MadeUpStudy{
          .rows = {{.id = "base"}, {.id = "random", .error = 0.67, .permuted_labels = true}}}
          .record();
  EXPECT_EQ(analyse_study(study, kFewResamples).family, 0u);
}

TEST(StudyAnalysis, SaysNothingOfOnePairOrOfNoSpread) {
  const StudyRecord one = MadeUpStudy{.rows = {{.id = "a"}, {.id = "b"}}, .seeds = {1}}.record();
  EXPECT_THAT(conclusion(compare_entries(one)[0]), HasSubstr("fewer than two runs"));
  StudyRecord flat = MadeUpStudy{.rows = {{.id = "a"}, {.id = "b"}}}.record();
  for (StudyEntry& entry : flat.entries) {
    for (StudyRow& run : entry.runs) run.figures.accuracy = entry.id == "a" ? 0.5 : 0.75;
  }
  EXPECT_THAT(conclusion(compare_entries(flat)[0]), HasSubstr("no spread to test against"));
}

TEST(Conclusion, NamesNoEffectBeyondAllFigures) {
  Comparison comparison;
  comparison.test.mean = 0.1;
  comparison.p_adjusted = 0.4;
  comparison.detectable = 0.42;
  EXPECT_EQ(conclusion(comparison),
            "no difference shown; effects below 42.0 points would not have been seen");
  comparison.detectable = 1.04;
  EXPECT_EQ(conclusion(comparison), "no difference shown; too few pairs to see any");
  comparison.p_adjusted = 0.05;
  EXPECT_EQ(conclusion(comparison), "higher by 10.0 points");
}

TEST(StudyRecord, LeavesOutWhatTheFileDoesNotDeclare) {
  const MadeUpStudy made_up{.rows = {{.id = "base"}}};
  std::vector<StudyRow> runs = made_up.runs();
  runs.push_back(made_up_run({.id = "stray"}, 1));
  runs.push_back(made_up_run({.id = "base"}, 99));
  const StudyRecord study = arrange_study(made_up.config(), runs);
  EXPECT_EQ(study.entries.size(), 1u);
  EXPECT_EQ(study.entries[0].runs.size(), 8u) << "a seed that looks good can't be added";
  EXPECT_THAT(study.left_out, testing::UnorderedElementsAre("stray seed 1", "base seed 99"));
}

TEST(StudyRecord, IsFoundByItsFileAndByItsResults) {
  const test::ScratchFolder folder;
  MadeUpStudy{.rows = {{.id = "base"}, {.id = "other"}}, .seeds = {1, 2}}.write(folder.path());
  for (const char* place : {"studies/made-up.yaml", "results/made-up", "results/made-up/"}) {
    const StudyRecord study = read_study(folder / place);
    EXPECT_EQ(study.entries.size(), 2u) << place;
    EXPECT_TRUE(study.declared);
    EXPECT_EQ(study.config.baseline, "base");
  }
  std::filesystem::remove(folder / "studies" / "made-up.yaml");
  const StudyRecord alone = read_study(folder / "results/made-up");
  EXPECT_FALSE(alone.declared);
  EXPECT_EQ(alone.entries[1].runs.size(), 2u);
  EXPECT_TRUE(compare_entries(alone).empty());
  EXPECT_TRUE(is_study(folder / "results/made-up"));
  EXPECT_FALSE(is_study(folder / "results"));
}

TEST(StudyRecord, NamesARunWhoseCountsContradictEachOther) {
  const auto defect = [](void (*damage)(StudyRow&)) -> std::string {
    StudyRow run = made_up_run({.id = "base"}, 1);
    damage(run);
    try {
      StudyConfig study;
      study.name = "made-up";
      check_study_row(run, study, "results");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::artefact);
      EXPECT_THAT(error.what(), HasSubstr("results/base/seed-01.json"));
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(defect([](StudyRow&) {}), "");
  EXPECT_THAT(defect([](StudyRow& r) { r.study = "other"; }), HasSubstr("of the study 'other'"));
  EXPECT_THAT(defect([](StudyRow& r) { r.side = "validation"; }),
              HasSubstr("its figures are of the validation side"));
  EXPECT_THAT(defect([](StudyRow& r) { r.figures.accuracy += 0.01; }), HasSubstr("figures"));
  EXPECT_THAT(defect([](StudyRow& r) { r.errors.pop_back(); }), HasSubstr("add up"));
  EXPECT_THAT(defect([](StudyRow& r) { r.errors[0].predicted = 9; }), HasSubstr("clip"));
  EXPECT_THAT(defect([](StudyRow& r) { r.support.begin()->second.pop_back(); }),
              HasSubstr("support"));
  EXPECT_THAT(defect([](StudyRow& r) { r.n_test = 3; }), HasSubstr("n_test"));
  EXPECT_THAT(defect([](StudyRow& r) { r.curve.train_loss.pop_back(); }), HasSubstr("curve"));
}

TEST(SpeakerMatrices, AreWhatIsLeftOfTheErrors) {
  const StudyRow run = made_up_run({.id = "base", .error = 0.3}, 4);
  metrics::ConfusionMatrix sum(3);
  for (const auto& [speaker, matrix] : speaker_matrices(run)) sum += matrix;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(sum.count(i, j), run.confusion.count(i, j));
  }
}

TEST(ChosenEntries, AreThoseNamedElseTheBaselineAndWhatDiffers) {
  MadeUpStudy made_up{.rows = {{.id = "base"}, {.id = "worse", .error = 0.5}}};
  for (const char* id : {"a", "b", "c", "d"}) made_up.rows.push_back({.id = id});
  const StudyRecord study = made_up.record();
  const StudyAnalysis analysis = analyse_study(study, kFewResamples);
  EXPECT_THAT(chosen_entries(study, analysis, {}), ElementsAre(0, 1));
  EXPECT_THAT(chosen_entries(study, analysis, {"c", "base"}), ElementsAre(0, 4));
  try {
    chosen_entries(study, analysis, {"wors"});
    FAIL() << "a row that is not there was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'worse'?"));
  }
}

}  // namespace
}  // namespace parlando::report
