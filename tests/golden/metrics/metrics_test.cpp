#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/io/json.h"
#include "common/metrics/confusion_matrix.h"
#include "tests/golden/golden.h"

namespace parlando::metrics {
namespace {

/// Both sides compute quotients of small integers in float64; the order of sums may differ.
constexpr double kTolerance = 1e-12;

class MetricsLikeScikitLearn : public golden::GoldenTest,
                               public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    GoldenTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    expected_ = read_json(golden::path("metrics/metrics.json")).at(GetParam());
    const auto rows =
        expected_.at("confusion_rows_true_cols_pred").get<std::vector<std::vector<std::int64_t>>>();
    matrix_ = ConfusionMatrix(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < rows.size(); ++j) matrix_.add(i, j, rows[i][j]);
    }
  }

  double expected(const char* key) const { return expected_.at(key).get<double>(); }

  Json expected_;
  ConfusionMatrix matrix_;
};

TEST_P(MetricsLikeScikitLearn, AgreeOnEveryFigure) {
  EXPECT_NEAR(matrix_.accuracy(), expected("accuracy"), kTolerance);
  EXPECT_NEAR(matrix_.uar(), expected("balanced_accuracy_uar"), kTolerance);
  EXPECT_NEAR(matrix_.macro_f1(), expected("macro_f1_default_labels"), kTolerance);
  EXPECT_NEAR(matrix_.weighted_f1(), expected("weighted_f1"), kTolerance);
  for (std::size_t i = 0; i < matrix_.classes(); ++i) {
    const ClassScores scores = matrix_.scores(i);
    EXPECT_NEAR(scores.precision, expected_.at("precision").at(i).get<double>(), kTolerance) << i;
    EXPECT_NEAR(scores.recall, expected_.at("recall").at(i).get<double>(), kTolerance) << i;
    EXPECT_NEAR(scores.f1, expected_.at("f1").at(i).get<double>(), kTolerance) << i;
    EXPECT_EQ(scores.support, expected_.at("support").at(i).get<std::int64_t>()) << i;
  }
  golden::count_case("metrics/" + std::string(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(ConfusionMatrices, MetricsLikeScikitLearn,
                         testing::Values("regular", "no_sample_of_class3_no_prediction_of_class6"),
                         [](const auto& matrix) { return std::string(matrix.param); });

}  // namespace
}  // namespace parlando::metrics
