#include "common/metrics/confusion_matrix.h"

#include <numeric>

#include "common/core/error.h"

namespace parlando::metrics {
namespace {

double ratio(std::int64_t numerator, std::int64_t denominator) {
  return denominator == 0 ? 0.0 : static_cast<double>(numerator) / static_cast<double>(denominator);
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(std::size_t classes)
    : classes_(classes), counts_(classes * classes, 0) {}

void ConfusionMatrix::add(std::size_t truth, std::size_t predicted, std::int64_t count) {
  if (truth >= classes_ || predicted >= classes_) {
    fail(ErrorKind::internal, "confusion matrix of {} classes: no cell ({}, {})", classes_, truth,
         predicted);
  }
  counts_[truth * classes_ + predicted] += count;
}

ConfusionMatrix& ConfusionMatrix::operator+=(const ConfusionMatrix& other) {
  if (other.classes_ != classes_) {
    fail(ErrorKind::internal, "confusion matrices of {} and {} classes can't be added", classes_,
         other.classes_);
  }
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  return *this;
}

std::int64_t ConfusionMatrix::count(std::size_t truth, std::size_t predicted) const {
  return counts_.at(truth * classes_ + predicted);
}

std::int64_t ConfusionMatrix::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

std::int64_t ConfusionMatrix::support(std::size_t truth) const {
  std::int64_t sum = 0;
  for (std::size_t j = 0; j < classes_; ++j) sum += count(truth, j);
  return sum;
}

std::int64_t ConfusionMatrix::predictions(std::size_t predicted) const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < classes_; ++i) sum += count(i, predicted);
  return sum;
}

double ConfusionMatrix::accuracy() const {
  std::int64_t correct = 0;
  for (std::size_t i = 0; i < classes_; ++i) correct += count(i, i);
  return ratio(correct, total());
}

double ConfusionMatrix::uar() const {
  double sum = 0;
  std::size_t present = 0;
  for (std::size_t i = 0; i < classes_; ++i) {
    const std::int64_t samples = support(i);
    if (samples == 0) continue;
    sum += ratio(count(i, i), samples);
    ++present;
  }
  return present == 0 ? 0.0 : sum / static_cast<double>(present);
}

double ConfusionMatrix::macro_f1() const {
  double sum = 0;
  std::size_t present = 0;
  for (std::size_t i = 0; i < classes_; ++i) {
    if (support(i) + predictions(i) == 0) continue;
    sum += scores(i).f1;
    ++present;
  }
  return present == 0 ? 0.0 : sum / static_cast<double>(present);
}

double ConfusionMatrix::weighted_f1() const {
  double sum = 0;
  for (std::size_t i = 0; i < classes_; ++i) {
    sum += scores(i).f1 * static_cast<double>(support(i));
  }
  const std::int64_t samples = total();
  return samples == 0 ? 0.0 : sum / static_cast<double>(samples);
}

ClassScores ConfusionMatrix::scores(std::size_t label) const {
  const std::int64_t hits = count(label, label);
  const std::int64_t samples = support(label);
  const std::int64_t predicted = predictions(label);
  return {ratio(hits, predicted), ratio(hits, samples), ratio(2 * hits, samples + predicted),
          samples};
}

}  // namespace parlando::metrics
