#include "tests/unit/preprocess/synth/logistic_regression.h"

#include <algorithm>
#include <cmath>

namespace parlando::test {
namespace {

constexpr int kSteps = 600;
constexpr double kMomentum = 0.9;

}  // namespace

LogisticRegression::LogisticRegression(const std::vector<Row>& rows, const std::vector<int>& labels,
                                       int classes, double c)
    : mean_(rows.front().size()), deviation_(rows.front().size()) {
  const double n = static_cast<double>(rows.size());
  const std::size_t width = mean_.size();
  for (const Row& row : rows) {
    for (std::size_t j = 0; j < width; ++j) mean_[j] += row[j] / n;
  }
  for (const Row& row : rows) {
    for (std::size_t j = 0; j < width; ++j) {
      deviation_[j] += (row[j] - mean_[j]) * (row[j] - mean_[j]) / n;
    }
  }
  for (double& value : deviation_) value = std::max(std::sqrt(value), 1e-9);

  std::vector<Row> inputs;
  for (const Row& row : rows) inputs.push_back(standardised(row));
  const std::size_t k = static_cast<std::size_t>(classes);
  weights_.assign(k, Row(width + 1));
  std::vector<Row> velocity(k, Row(width + 1));
  // A step of 1 / L: the loss is at most 1/2 |x|^2 curved, and |x|^2 is `width` on average.
  const double rate = 2.0 / static_cast<double>(width + 1);
  for (int step = 0; step < kSteps; ++step) {
    std::vector<Row> gradient(k, Row(width + 1));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      Row error = probabilities(inputs[i]);
      error[static_cast<std::size_t>(labels[i])] -= 1;
      for (std::size_t m = 0; m < k; ++m) {
        for (std::size_t j = 0; j <= width; ++j) gradient[m][j] += error[m] * inputs[i][j] / n;
      }
    }
    for (std::size_t m = 0; m < k; ++m) {
      for (std::size_t j = 0; j <= width; ++j) {
        const double penalty = j < width ? weights_[m][j] / (c * n) : 0;
        velocity[m][j] = kMomentum * velocity[m][j] - rate * (gradient[m][j] + penalty);
        weights_[m][j] += velocity[m][j];
      }
    }
  }
}

Row LogisticRegression::standardised(const Row& row) const {
  Row result(row.size() + 1, 1.0);
  for (std::size_t j = 0; j < row.size(); ++j) result[j] = (row[j] - mean_[j]) / deviation_[j];
  return result;
}

Row LogisticRegression::probabilities(const Row& standardised) const {
  Row result;
  for (const Row& weights : weights_) {
    double sum = 0;
    for (std::size_t j = 0; j < weights.size(); ++j) sum += weights[j] * standardised[j];
    result.push_back(sum);
  }
  const double largest = *std::max_element(result.begin(), result.end());
  double total = 0;
  for (double& value : result) total += value = std::exp(value - largest);
  for (double& value : result) value /= total;
  return result;
}

int LogisticRegression::predict(const Row& row) const {
  const Row result = probabilities(standardised(row));
  return static_cast<int>(std::max_element(result.begin(), result.end()) - result.begin());
}

double LogisticRegression::score(const std::vector<Row>& rows,
                                 const std::vector<int>& labels) const {
  double right = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) right += predict(rows[i]) == labels[i] ? 1 : 0;
  return right / static_cast<double>(rows.size());
}

}  // namespace parlando::test
