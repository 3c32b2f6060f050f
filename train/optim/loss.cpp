#include "train/optim/loss.h"

namespace parlando::train {

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& targets,
                         double label_smoothing, const at::Tensor& class_weights) {
  const at::Tensor log_probabilities = at::log_softmax(logits, 1);
  const at::Tensor of_target = log_probabilities.gather(1, targets.unsqueeze(1)).squeeze(1);
  const at::Tensor smoothed =
      of_target * (1 - label_smoothing) + log_probabilities.mean(1) * label_smoothing;
  const at::Tensor loss = -smoothed;
  return class_weights.defined() ? loss * class_weights.index_select(0, targets) : loss;
}

}  // namespace parlando::train
