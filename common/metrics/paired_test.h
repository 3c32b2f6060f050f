#pragma once

#include <cstddef>
#include <span>

namespace parlando::metrics {

/// What paired differences, one a seed or fold, say of their mean.
struct PairedTest {
  std::size_t pairs = 0;
  double mean = 0;
  double sd = 0;              ///< of the differences (n - 1)
  double standard_error = 0;  ///< of the mean, corrected
  double freedom = 0;         ///< degrees of freedom
  double t = 0;
  double p = 0;              ///< two-sided
  double low = 0, high = 0;  ///< 95 % interval of the mean
};

/// Corrected resampled t-test: t = mean / (sd sqrt(1 / n + n_test / n_train)) with n - 1 degrees of
/// freedom (Nadeau & Bengio, "Inference for the generalization error", Machine Learning 52, 2003;
/// for repeated folds Bouckaert & Frank, PAKDD 2004). The training sides of different draws of a
/// split share clips, so that their differences are alike; the plain test, which takes them as
/// independent, finds effects that are not there.
/// `test_share` is n_test / n_train, 0 for the plain test. With fewer than two differences, or such
/// as are all the same but not zero, nothing can be tested: t, p and the interval are NaN. If all
/// are zero, p is 1.
PairedTest corrected_resampled_t_test(std::span<const double> differences, double test_share);

}  // namespace parlando::metrics
