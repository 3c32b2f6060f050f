#include "train/model/lstm_layer.h"

#include <algorithm>
#include <vector>

#include "train/model/lstm_fused.h"
#include "train/model/lstm_steps.h"

namespace parlando::train {
namespace {

at::Tensor run(const at::Tensor& steps, std::span<const LstmWeights> directions) {
  std::vector<at::Tensor> weights;
  for (const LstmWeights& direction : directions) {
    weights.push_back(direction.input_weight);
    weights.push_back(direction.recurrent_weight);
    weights.push_back(direction.bias);
    weights.push_back(direction.recurrent_bias.defined() ? direction.recurrent_bias
                                                         : at::zeros_like(direction.bias));
  }
  const auto count = static_cast<std::int64_t>(directions.size());
  const std::int64_t hidden = directions.front().recurrent_weight.size(1);
  const at::Tensor zero = at::zeros({count, steps.size(0), hidden}, steps.options());
  return std::get<0>(at::lstm(steps, {zero, zero}, weights, /*has_biases=*/true, /*num_layers=*/1,
                              /*dropout=*/0.0, /*train=*/at::GradMode::is_enabled(),
                              /*bidirectional=*/count == 2, /*batch_first=*/true));
}

/// [batch, time, 1]: where to read so that each sample's valid steps come in reverse order.
at::Tensor reversed_positions(const at::Tensor& steps, const Lengths& lengths) {
  const std::int64_t time = steps.size(1);
  const at::Tensor forward = at::arange(time, at::kLong).unsqueeze(0);
  const at::Tensor backward = torch::tensor(lengths, at::kLong).unsqueeze(1) - 1 - forward;
  return at::where(backward >= 0, backward, forward).unsqueeze(-1).to(steps.device());
}

at::Tensor reorder(const at::Tensor& steps, const at::Tensor& positions) {
  return steps.gather(1, positions.expand({-1, -1, steps.size(2)}));
}

}  // namespace

at::Tensor lstm_layer(const at::Tensor& steps, std::span<const LstmWeights> directions,
                      std::span<const LstmMasks> masks, const Lengths& lengths, bool fast_kernels) {
  if (fast_kernels && can_fuse_lstm(steps, directions))
    return lstm_fused(steps, directions, masks, lengths);
  const bool dropped = std::ranges::any_of(masks, [](const LstmMasks& mask) {
    return mask.input.defined() || mask.recurrent.defined();
  });
  if (!dropped && lengths.empty()) return run(steps, directions);
  const auto run_one = [&](std::size_t direction, const at::Tensor& input, bool backwards) {
    if (dropped) return lstm_steps(input, directions[direction], masks[direction], backwards);
    return run(input, directions.subspan(direction, 1));
  };
  std::vector<at::Tensor> outputs{run_one(0, steps, false)};
  if (directions.size() > 1 && lengths.empty()) outputs.push_back(run_one(1, steps, true));
  if (directions.size() > 1 && !lengths.empty()) {
    const at::Tensor positions = reversed_positions(steps, lengths);
    outputs.push_back(reorder(run_one(1, reorder(steps, positions), false), positions));
  }
  return zero_padding(at::cat(outputs, 2), lengths, 1);
}

}  // namespace parlando::train
