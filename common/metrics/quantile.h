#pragma once

#include <span>

namespace parlando::metrics {

/// The value below which the share `q` (0 to 1) of sorted values lies, linear between order
/// statistics (Hyndman & Fan 1996, type 7; NumPy's default). NaN if there are none.
double sorted_quantile(std::span<const double> sorted, double q);

/// The middle value, or the mean of the two middle ones. NaN if there are none.
double median(std::span<const double> values);

}  // namespace parlando::metrics
