#include "train/model/lstm_steps.h"

#include <vector>

namespace parlando::train {
namespace {

constexpr std::int64_t kGates = 4;

/// Share of the input in the gates: [time, 4, batch, hidden].
at::Tensor input_gates(const at::Tensor& steps, const LstmWeights& weights,
                       const at::Tensor& mask) {
  const std::int64_t hidden = weights.recurrent_weight.size(1);
  at::Tensor bias = weights.bias;
  if (weights.recurrent_bias.defined()) bias = bias + weights.recurrent_bias;
  std::vector<at::Tensor> gates;
  for (std::int64_t gate = 0; gate < kGates; ++gate) {
    const at::Tensor input = mask.defined() ? steps * mask.select(1, gate).unsqueeze(1) : steps;
    gates.push_back(at::linear(input, weights.input_weight.narrow(0, gate * hidden, hidden),
                               bias.narrow(0, gate * hidden, hidden)));
  }
  return at::stack(gates).permute({2, 0, 1, 3});
}

}  // namespace

at::Tensor lstm_steps(const at::Tensor& steps, const LstmWeights& weights, const LstmMasks& masks,
                      bool backwards) {
  const std::int64_t batch = steps.size(0);
  const std::int64_t time = steps.size(1);
  const std::int64_t hidden = weights.recurrent_weight.size(1);
  const at::Tensor inputs = input_gates(steps, weights, masks.input);
  const at::Tensor recurrent =
      weights.recurrent_weight.view({kGates, hidden, hidden}).transpose(1, 2);
  at::Tensor factors;  // [4, batch, hidden]
  if (masks.recurrent.defined()) factors = masks.recurrent.transpose(0, 1);
  at::Tensor h = at::zeros({batch, hidden}, steps.options());
  at::Tensor c = h;
  std::vector<at::Tensor> outputs(static_cast<std::size_t>(time));
  for (std::int64_t i = 0; i < time; ++i) {
    const std::int64_t t = backwards ? time - 1 - i : i;
    const at::Tensor state = factors.defined() ? h * factors : h.expand({kGates, batch, hidden});
    const at::Tensor gates = inputs.select(0, t) + at::bmm(state, recurrent);
    c = at::sigmoid(gates[1]) * c + at::sigmoid(gates[0]) * at::tanh(gates[2]);
    h = at::sigmoid(gates[3]) * at::tanh(c);
    outputs[static_cast<std::size_t>(t)] = h;
  }
  return at::stack(outputs, 1);
}

}  // namespace parlando::train
