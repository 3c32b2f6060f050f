#include "common/metrics/detectable_effect.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "common/metrics/student.h"

namespace parlando::metrics {
namespace {

double normal_cdf(double z) {
  return std::erfc(-z / std::numbers::sqrt2) / 2;
}

/// Density of sqrt(V / freedom), V chi-squared.
double scale_density(double s, double freedom) {
  if (s <= 0) return freedom == 1 ? std::sqrt(2 / std::numbers::pi) : 0;
  const double half = freedom / 2;
  return 2 * std::exp(half * std::log(half) - std::lgamma(half) + (freedom - 1) * std::log(s) -
                      half * s * s);
}

}  // namespace

double noncentral_student_cdf(double t, double freedom, double noncentrality) {
  constexpr double kDeviations = 11;  // of s around 1: what lies beyond is below 1e-15
  const double reach = kDeviations / std::sqrt(2 * freedom);
  const double low = std::max(0.0, 1 - reach), high = 1 + reach;
  // The step resolves both factors: the density, and the normal distribution that rises over 1 / t.
  const double coarsest = std::min(reach / 200, 0.2 / std::abs(t));
  const auto steps = 2 * static_cast<int>(std::ceil((high - low) / (2 * coarsest)));
  const double step = (high - low) / steps;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double s = low + step * i;
    const double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
    sum += weight * normal_cdf(t * s - noncentrality) * scale_density(s, freedom);
  }
  return sum * step / 3;
}

double t_test_power(double effect, double standard_error, double freedom, double level) {
  const double critical = student_quantile(1 - level / 2, freedom);
  const double noncentrality = effect / standard_error;
  return 1 - noncentral_student_cdf(critical, freedom, noncentrality) +
         noncentral_student_cdf(-critical, freedom, noncentrality);
}

double smallest_detectable_effect(double standard_error, double freedom, double level,
                                  double power) {
  if (!(standard_error > 0) || !(freedom >= 1)) return std::numeric_limits<double>::quiet_NaN();
  double low = 0, high = 1;  // in standard errors
  while (t_test_power(high, 1, freedom, level) < power) high *= 2;
  constexpr int kHalvings = 40;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (t_test_power(middle, 1, freedom, level) < power ? low : high) = middle;
  }
  return standard_error * (low + high) / 2;
}

}  // namespace parlando::metrics
