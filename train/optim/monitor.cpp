#include "train/optim/monitor.h"

#include "common/core/error.h"

namespace parlando::train {

std::vector<std::string> monitor_names() {
  return {"loss", "accuracy", "uar", "macro_f1"};
}

double monitored(const ValidationFigures& figures, const std::string& name) {
  if (name == "loss") return figures.loss;
  if (name == "accuracy") return figures.accuracy;
  if (name == "uar") return figures.uar;
  if (name == "macro_f1") return figures.macro_f1;
  fail(ErrorKind::internal, "'{}' is not a figure of the validation side", name);
}

bool larger_is_better(const std::string& monitor) {
  return monitor != "loss";
}

}  // namespace parlando::train
