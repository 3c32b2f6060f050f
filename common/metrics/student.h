#pragma once

#include <span>

namespace parlando::metrics {

double mean(std::span<const double> values);

/// Sample standard deviation (n - 1); NaN for fewer than two values.
double standard_deviation(std::span<const double> values);

/// P(T <= t) of Student's distribution, by the incomplete beta function's continued fraction
/// (Abramowitz & Stegun 26.5.8 and 26.7.1; Lentz's method). `freedom` > 0.
double student_cdf(double t, double freedom);

/// The t with student_cdf(t, freedom) = probability, which lies between 0 and 1.
double student_quantile(double probability, double freedom);

/// Half the width of the 95 % interval of the mean of independent values; NaN for fewer than two.
double student_half_width(std::span<const double> values);

}  // namespace parlando::metrics
