#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/report/sweep/sweep_record.h"

namespace parlando::report {

/// How much of the metric's variance over configurations goes with one parameter.
struct Importance {
  std::size_t parameter = 0;       ///< index into SweepRecord::parameters
  std::size_t configurations = 0;  ///< compared: those that have the parameter
  std::size_t groups = 0;          ///< its values, or quarters of them where they are many numbers
  double share = 0;                ///< epsilon squared, not below 0; NaN if there is too little
  double p = 0;                    ///< by shuffling; NaN where the share is
  double rho = 0;                  ///< Spearman's; NaN for values that are no numbers
};

/// The largest share first. At the first rung, where all configurations had the same epochs.
std::vector<Importance> parameter_importance(const SweepRecord& sweep);

}  // namespace parlando::report
