#pragma once

#include "train/torch.h"

namespace parlando::train {

/// Cross-entropy with label smoothing y (1 - a) + a / K, as Keras weighs it: each sample's loss
/// times its class weight. `logits` [batch, classes], `targets` [batch] int64, `class_weights`
/// [classes] or undefined. Returns the loss of each sample [batch]; the caller divides by the
/// global batch SIZE.
at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& targets,
                         double label_smoothing, const at::Tensor& class_weights);

}  // namespace parlando::train
