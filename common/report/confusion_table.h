#pragma once

#include <string>
#include <vector>

#include "common/metrics/confusion_matrix.h"

namespace parlando::report {

/// A confusion matrix as an HTML table: counts, their shares of the row, and a shade for the share.
std::string confusion_table(const std::vector<std::string>& classes,
                            const metrics::ConfusionMatrix& confusion);

}  // namespace parlando::report
