#include "train/optim/optimizer_config.h"

#include "common/core/error.h"

namespace parlando::train {

void OptimizerConfig::validate() const {
  if (beta1 >= 1 || beta2 >= 1) fail(ErrorKind::usage, "beta1 and beta2 must be below 1");
  if (kind != "sgd" && (momentum > 0 || nesterov)) {
    fail(ErrorKind::usage, "momentum and nesterov are SGD's; kind is '{}' (Adam has beta1)", kind);
  }
  if (nesterov && momentum == 0) fail(ErrorKind::usage, "nesterov needs a momentum above 0");
}

}  // namespace parlando::train
