#pragma once

#include <string>
#include <vector>

namespace parlando::train {

/// Figures of the validation side after an epoch.
struct ValidationFigures {
  double loss = 0;
  double accuracy = 0;
  double uar = 0;
  double macro_f1 = 0;
};

/// Names of the figures that a schedule or early stopping can watch.
std::vector<std::string> monitor_names();

/// The figure of that name. Throws Error(internal) for another name.
double monitored(const ValidationFigures& figures, const std::string& name);

/// Whether a larger value is better: for all but the loss.
bool larger_is_better(const std::string& monitor);

}  // namespace parlando::train
