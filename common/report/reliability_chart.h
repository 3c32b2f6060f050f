#pragma once

#include <string>
#include <vector>

#include "common/metrics/reliability.h"

namespace parlando::report {

/// Accuracy against confidence: a diamond with its interval a bin, the diagonal on which they
/// should lie, and bars for the shares of clips in the bins. `id` is unique in the page.
std::string draw_reliability_chart(const std::string& id,
                                   const std::vector<metrics::ReliabilityPoint>& points);

}  // namespace parlando::report
