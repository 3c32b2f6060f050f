#include "train/model/pooling.h"

#include <limits>

namespace parlando::train {
namespace {

/// `values` with -infinity in the padding.
at::Tensor without_padding(const at::Tensor& values, const Lengths& lengths) {
  if (lengths.empty()) return values;
  const at::Tensor padding = step_mask(lengths, values, 1) == 0;
  return values.masked_fill(padding, -std::numeric_limits<double>::infinity());
}

at::Tensor mean(const at::Tensor& steps, const Lengths& lengths) {
  if (lengths.empty()) return steps.mean(1);
  const at::Tensor count = torch::tensor(lengths, at::kLong).to(steps.options()).unsqueeze(1);
  return zero_padding(steps, lengths, 1).sum(1) / count;
}

}  // namespace

Pooling::Pooling(const ModelConfig& config, const ParameterSet& parameters)
    : config_(config.pooling), backward_half_(config.lstm.layers > 0 && config.lstm.bidirectional) {
  if (config_.kind != "attention") return;
  weight_ = parameters.at("attention.weight");
  bias_ = parameters.at("attention.bias");
}

at::Tensor Pooling::forward(const at::Tensor& steps, const Lengths& lengths,
                            const ForwardContext& context) const {
  if (config_.kind == "attention") return attend(steps, lengths, context);
  if (config_.kind == "mean") return mean(steps, lengths);
  if (config_.kind == "max") return std::get<0>(without_padding(steps, lengths).max(1));
  return last(steps, lengths);
}

at::Tensor Pooling::attend(const at::Tensor& steps, const Lengths& lengths,
                           const ForwardContext& context) const {
  // A batch may be shorter than the frames that the network was built for.
  const at::Tensor bias = bias_.dim() == 2 ? bias_.narrow(0, 0, steps.size(1)) : bias_;
  const at::Tensor scores = at::tanh(at::matmul(steps, weight_) + bias);
  const at::Tensor weights = at::softmax(without_padding(scores, lengths), 1);
  if (context.observer != nullptr) context.computed(kAttentionPart, weights.detach().mean(-1));
  if (config_.heads == 1) return (steps * weights).sum(1);
  return at::matmul(weights.transpose(1, 2), steps).flatten(1);
}

at::Tensor Pooling::last(const at::Tensor& steps, const Lengths& lengths) const {
  at::Tensor end = steps.select(1, steps.size(1) - 1);
  if (!lengths.empty()) {
    const at::Tensor position =
        (torch::tensor(lengths, at::kLong) - 1).to(steps.device()).view({-1, 1, 1});
    end = steps.gather(1, position.expand({-1, 1, steps.size(2)})).squeeze(1);
  }
  if (!backward_half_) return end;
  const std::int64_t half = steps.size(2) / 2;
  return at::cat({end.narrow(1, 0, half), steps.select(1, 0).narrow(1, half, half)}, 1);
}

}  // namespace parlando::train
