#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace parlando::metrics {

/// Precision, recall and F1 of one class; a quotient with denominator 0 counts as 0, as
/// scikit-learn's zero_division=0.
struct ClassScores {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  std::int64_t support = 0;  ///< samples that truly are of the class
};

/// Counts of samples by true class (rows) and predicted class (columns). All figures equal
/// scikit-learn's for the same samples; with no samples they are 0.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(std::size_t classes = 0);

  /// Throws Error(internal) if an index is not a class.
  void add(std::size_t truth, std::size_t predicted, std::int64_t count = 1);
  /// Adds all counts of a matrix of the same size.
  ConfusionMatrix& operator+=(const ConfusionMatrix& other);

  std::size_t classes() const { return classes_; }
  std::int64_t count(std::size_t truth, std::size_t predicted) const;
  std::int64_t total() const;
  std::int64_t support(std::size_t truth) const;          ///< sum of a row
  std::int64_t predictions(std::size_t predicted) const;  ///< sum of a column

  /// Share of samples whose class was found.
  double accuracy() const;
  /// Unweighted average recall over the classes that have samples (balanced_accuracy_score).
  double uar() const;
  /// Mean F1 over the classes that occur as truth or as prediction (f1_score(average="macro")).
  double macro_f1() const;
  /// Mean F1 weighted by support (f1_score(average="weighted")).
  double weighted_f1() const;
  ClassScores scores(std::size_t label) const;

 private:
  std::size_t classes_;
  std::vector<std::int64_t> counts_;
};

}  // namespace parlando::metrics
