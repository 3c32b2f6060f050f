#include "train/optim/l2_penalty.h"

#include "common/core/error.h"

namespace parlando::train {

L2Penalty::L2Penalty(const std::vector<WeightPenalty>& penalties, FlatParameters& flat) {
  for (const WeightPenalty& penalty : penalties) {
    if (penalty.factor == 0) continue;
    const at::Tensor values = flat.values();
    if (penalty.tensor.storage().data() != values.storage().data())
      fail(ErrorKind::internal, "a tensor with a penalty is not among the flat parameters");
    const std::int64_t begin = penalty.tensor.storage_offset() - values.storage_offset();
    const std::int64_t count = penalty.tensor.numel();
    parts_.push_back({.values = values.narrow(0, begin, count),
                      .gradients = flat.gradients().narrow(0, begin, count),
                      .factor = penalty.factor});
  }
}

double L2Penalty::value() const {
  double sum = 0;
  for (const Part& part : parts_) {
    sum += part.factor * part.values.to(at::kDouble).square().sum().item<double>();
  }
  return sum;
}

void L2Penalty::add_gradient() const {
  const at::NoGradGuard guard;
  for (const Part& part : parts_) part.gradients.add_(part.values, 2 * part.factor);
}

}  // namespace parlando::train
