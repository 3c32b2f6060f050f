#include "train/optim/loss.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace parlando::train {
namespace {

at::Tensor losses_of(const LossConfig& config, const at::Tensor& terms, const at::Tensor& labels,
                     const at::Tensor& class_weights) {
  const at::Tensor of_label = terms.gather(1, labels.unsqueeze(1)).squeeze(1);
  const double smoothing = config.label_smoothing;
  const at::Tensor losses =
      smoothing > 0 ? of_label * (1 - smoothing) + terms.mean(1) * smoothing : of_label;
  return class_weights.defined() ? losses * class_weights.index_select(0, labels) : losses;
}

}  // namespace

at::Tensor sample_losses(const LossConfig& config, const at::Tensor& logits, const Targets& targets,
                         const at::Tensor& class_weights) {
  const at::Tensor log_probabilities = at::log_softmax(logits, 1);
  // terms[i][k]: loss of sample i if its label were k, without smoothing.
  // The floor keeps the power's derivative finite at probability 1.
  const at::Tensor terms =
      config.kind == "focal"
          ? -log_probabilities *
                (-log_probabilities.expm1()).clamp_min(1e-12).pow(config.focal_gamma)
          : -log_probabilities;
  const at::Tensor first = losses_of(config, terms, targets.labels, class_weights);
  if (!targets.second_labels.defined()) return first;
  const at::Tensor second = losses_of(config, terms, targets.second_labels, class_weights);
  return first * targets.share + second * (1 - targets.share);
}

at::Tensor count_correct(const at::Tensor& logits, const Targets& targets) {
  const at::Tensor predicted = logits.argmax(1);
  const at::Tensor first = (predicted == targets.labels).sum().to(at::kDouble);
  if (!targets.second_labels.defined()) return first;
  const at::Tensor second = (predicted == targets.second_labels).sum().to(at::kDouble);
  return first * targets.share + second * (1 - targets.share);
}

double loss_of(const LossConfig& config, std::span<const double> probabilities, std::size_t label) {
  const double spread = config.label_smoothing / static_cast<double>(probabilities.size());
  double loss = 0;
  for (std::size_t k = 0; k < probabilities.size(); ++k) {
    const double p = probabilities[k];
    const double target = spread + (k == label ? 1 - config.label_smoothing : 0);
    const double focus = config.kind == "focal" ? std::pow(1 - p, config.focal_gamma) : 1;
    loss -= target * focus * std::log(std::max(p, std::numeric_limits<double>::min()));
  }
  return loss;
}

}  // namespace parlando::train
