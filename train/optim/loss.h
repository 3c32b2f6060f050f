#pragma once

#include <span>

#include "train/optim/loss_config.h"
#include "train/torch.h"

namespace parlando::train {

/// Labels of a batch. Under mixup a sample is made of two, and counts as the first by `share` and
/// as the second by the rest.
struct Targets {
  at::Tensor labels;           ///< [batch] int64
  at::Tensor second_labels{};  ///< [batch] int64; undefined without mixup
  double share = 1;
};

/// Loss of each sample [batch] from `logits` [batch, classes]; the caller divides by the global
/// batch SIZE, as Keras does. With the smoothed target y (1 - a) + a / K of label y:
///
///     cross-entropy  -sum_k target_k log p_k
///     focal          -sum_k target_k (1 - p_k)^gamma log p_k    (Lin et al., 2017; Keras' form)
///
/// times the weight of y's class. `class_weights` [classes] or undefined.
at::Tensor sample_losses(const LossConfig& config, const at::Tensor& logits, const Targets& targets,
                         const at::Tensor& class_weights);

/// How many samples [scalar] are predicted as labelled; a mixed one counts by its shares.
at::Tensor count_correct(const at::Tensor& logits, const Targets& targets);

/// The same loss, without class weight, of one sample's probabilities.
double loss_of(const LossConfig& config, std::span<const double> probabilities, std::size_t label);

}  // namespace parlando::train
