#pragma once

#include <cstddef>
#include <vector>

namespace parlando::test {

using Row = std::vector<double>;

/// Multinomial logistic regression on features standardised by the training rows, with an L2
/// penalty of 1 / (2 C) as scikit-learn has it; fitted by gradient descent with momentum.
class LogisticRegression {
 public:
  LogisticRegression(const std::vector<Row>& rows, const std::vector<int>& labels, int classes,
                     double c);

  int predict(const Row& row) const;
  /// Share of rows whose label is predicted.
  double score(const std::vector<Row>& rows, const std::vector<int>& labels) const;

 private:
  Row standardised(const Row& row) const;
  Row probabilities(const Row& standardised) const;

  Row mean_;
  Row deviation_;
  std::vector<Row> weights_;  ///< a row a class; the intercept last
};

}  // namespace parlando::test
