#include "common/metrics/paired_test.h"

#include <cmath>
#include <limits>

#include "common/metrics/student.h"

namespace parlando::metrics {

PairedTest corrected_resampled_t_test(std::span<const double> differences, double test_share) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  constexpr double kUpper = 0.975;
  PairedTest test;
  test.pairs = differences.size();
  test.mean = differences.empty() ? kNone : mean(differences);
  test.sd = standard_deviation(differences);
  const auto n = static_cast<double>(differences.size());
  test.freedom = n - 1;
  test.standard_error = test.sd * std::sqrt(1 / n + test_share);
  if (test.standard_error > 0) {
    test.t = test.mean / test.standard_error;
    test.p = 2 * student_cdf(-std::abs(test.t), test.freedom);
    const double half = student_quantile(kUpper, test.freedom) * test.standard_error;
    test.low = test.mean - half;
    test.high = test.mean + half;
    return test;
  }
  const bool nothing_differs = test.sd == 0 && test.mean == 0;
  test.t = nothing_differs ? 0 : kNone;
  test.p = nothing_differs ? 1 : kNone;
  test.low = test.high = nothing_differs ? 0 : kNone;
  return test;
}

}  // namespace parlando::metrics
