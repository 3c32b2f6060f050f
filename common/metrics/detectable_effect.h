#pragma once

namespace parlando::metrics {

/// P(T <= t) of Student's noncentral distribution: T = (Z + noncentrality) / sqrt(V / freedom) with
/// Z standard normal and V chi-squared. The integral of P(Z <= t s - noncentrality) over the
/// density of s = sqrt(V / freedom), by Simpson's rule; absolute error below 1e-7. `freedom` >= 1.
double noncentral_student_cdf(double t, double freedom, double noncentrality);

/// The chance that a two-sided t-test at `level` calls a true mean of `effect` different from zero.
double t_test_power(double effect, double standard_error, double freedom, double level);

/// The smallest true mean that a two-sided t-test at `level` would have found with the chance
/// `power`, taking the standard error found as the true one (Cohen 1988, ch. 2). In the unit of the
/// standard error; NaN if that is not positive or there is no freedom.
double smallest_detectable_effect(double standard_error, double freedom, double level,
                                  double power = 0.8);

}  // namespace parlando::metrics
