#pragma once

#include <string>

#include "common/metrics/evaluation.h"

namespace parlando::report {

/// The table that train and evaluate print: precision, recall, F1 and support a class; accuracy,
/// UAR, macro and weighted F1 with their 95 % intervals; per cent, columns aligned, ends with a
/// newline.
std::string metrics_table(const metrics::Evaluation& evaluation);

}  // namespace parlando::report
