#include "train/model/lstm_fused.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <ATen/autocast_mode.h>

#include "train/kernels/lstm_direction.h"

namespace parlando::train {
namespace {

constexpr std::size_t kRowsOfTask = 8;  // the fewest that fill a tile

const float* data_of(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.const_data_ptr<float>() : nullptr;
}

float* writable(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.mutable_data_ptr<float>() : nullptr;
}

std::size_t size_of(const at::Tensor& tensor, std::int64_t dimension) {
  return static_cast<std::size_t>(tensor.size(dimension));
}

/// Tensors of one direction: contiguous weights and masks, and after forward its tape.
struct DirectionTensors {
  at::Tensor input_weight, recurrent_weight, bias, input_mask, recurrent_mask;
  at::Tensor gates, cells, tanh_cell;

  LstmDirection::Tape tape() const {
    return {gates.data_ptr<float>(), cells.data_ptr<float>(), tanh_cell.data_ptr<float>()};
  }
};
constexpr std::size_t kTensorsOfDirection = 8;

/// out[b, t] or out[t, b] = in[t, b] or in[b, t], plus `shift` [width], in the types of both.
void transpose(const at::Tensor& in, const at::Tensor& out, const float* shift) {
  const auto width = static_cast<std::size_t>(in.size(2));
  const std::vector<float> ones(width, 1.0F);
  const auto row = [](const at::Tensor& tensor, std::int64_t i, std::int64_t k) {
    const Numbers numbers{tensor.data_ptr(), tensor.scalar_type() == at::kBFloat16};
    return numbers.at(static_cast<std::size_t>(i * tensor.stride(0) + k * tensor.stride(1)));
  };
  at::parallel_for(0, in.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t k = 0; k < in.size(1); ++k) {
        cpu_kernels().block.scale_and_drop({.pixels = 1, .channels = width}, row(in, i, k),
                                           ones.data(), shift, row(out, k, i));
      }
    }
  });
}

/// One layer's directions over one batch. Without input weights, `steps` are what these would make
/// of the input: [batch, time, directions * 4 hidden], without bias, float32 or bfloat16.
class FusedLayer {
 public:
  FusedLayer(at::Tensor steps, std::vector<DirectionTensors> directions, const Lengths& lengths)
      : steps_(std::move(steps)), tensors_(std::move(directions)) {
    const DirectionTensors& first = tensors_.front();
    shape_ = {.batch = size_of(steps_, 0),
              .time = size_of(steps_, 1),
              .inputs = is_projected() ? 0 : size_of(steps_, 2),
              .hidden = size_of(first.recurrent_weight, 1)};
    for (const DirectionTensors& t : tensors_) {
      directions_.emplace_back(
          shape_,
          LstmDirection::Weights{data_of(t.input_weight), data_of(t.recurrent_weight),
                                 data_of(t.bias)},
          LstmDirection::Masks{data_of(t.input_mask), data_of(t.recurrent_mask)}, lengths,
          /*backwards=*/!directions_.empty());
    }
  }

  at::Tensor forward();
  /// Gradients in the order of the arguments of LstmFunction::forward.
  torch::autograd::tensor_list backward(const at::Tensor& output, const at::Tensor& gradient,
                                        bool needs_input_gradient);

  const std::vector<DirectionTensors>& tensors() const { return tensors_; }

 private:
  bool is_projected() const { return !tensors_.front().input_weight.defined(); }
  /// Columns of `tensor` [batch, time, directions * 4 hidden] that are one direction's.
  at::Tensor columns_of(const at::Tensor& tensor, std::size_t direction) const {
    const auto gates = static_cast<std::int64_t>(shape_.gates());
    return tensor.narrow(2, static_cast<std::int64_t>(direction) * gates, gates);
  }
  void project() const;
  at::Tensor input_gradient(const std::vector<at::Tensor>& gates_gradient) const;

  std::size_t stride() const { return directions_.size() * shape_.hidden; }

  at::Tensor empty(std::vector<std::int64_t> sizes) const {
    return at::empty(sizes, steps_.options().dtype(at::kFloat));
  }
  at::Tensor over_time(std::size_t width) const {
    return empty({steps_.size(1), steps_.size(0), static_cast<std::int64_t>(width)});
  }

  /// Calls work(direction, begin, end) for pieces of [0, count) of every direction, each piece a
  /// multiple of `grain` but the last.
  template <class Work>
  void in_pieces(std::size_t count, std::size_t grain, const Work& work) const;

  at::Tensor steps_;
  std::vector<DirectionTensors> tensors_;
  LstmShape shape_;
  std::vector<LstmDirection> directions_;
};

template <class Work>
void FusedLayer::in_pieces(std::size_t count, std::size_t grain, const Work& work) const {
  const std::size_t threads = static_cast<std::size_t>(at::get_num_threads());
  const std::size_t wanted = (threads + directions_.size() - 1) / directions_.size();
  const std::size_t piece = (((count + wanted - 1) / wanted + grain - 1) / grain) * grain;
  const std::size_t pieces = (count + piece - 1) / piece;
  at::parallel_for(0, static_cast<std::int64_t>(directions_.size() * pieces), 1,
                   [&](std::int64_t begin, std::int64_t end) {
                     for (auto i = static_cast<std::size_t>(begin);
                          i < static_cast<std::size_t>(end); ++i) {
                       const std::size_t first = i % pieces * piece;
                       work(i / pieces, first, std::min(first + piece, count));
                     }
                   });
}

void FusedLayer::project() const {
  if (is_projected()) {
    for (std::size_t d = 0; d < directions_.size(); ++d)
      transpose(columns_of(steps_, d), tensors_[d].gates, data_of(tensors_[d].bias));
    return;
  }
  const float* input = data_of(steps_);
  in_pieces(shape_.time, 1, [&](std::size_t d, std::size_t begin, std::size_t end) {
    directions_[d].project(input, tensors_[d].tape().gates, begin, end);
  });
}

at::Tensor FusedLayer::forward() {
  for (DirectionTensors& t : tensors_) {
    t.gates = over_time(shape_.gates());
    t.cells = over_time(shape_.hidden);
    t.tanh_cell = over_time(shape_.hidden);
  }
  at::Tensor output = empty({steps_.size(0), steps_.size(1), static_cast<std::int64_t>(stride())});
  float* out = output.data_ptr<float>();
  project();
  in_pieces(shape_.batch, kRowsOfTask, [&](std::size_t d, std::size_t begin, std::size_t end) {
    directions_[d].run(tensors_[d].tape(), out + d * shape_.hidden, stride(), begin, end);
  });
  return output;
}

at::Tensor FusedLayer::input_gradient(const std::vector<at::Tensor>& gates_gradient) const {
  at::Tensor gradient = at::empty_like(steps_);
  if (is_projected()) {
    const std::vector<float> zeros(shape_.gates(), 0.0F);
    for (std::size_t d = 0; d < directions_.size(); ++d)
      transpose(gates_gradient[d], columns_of(gradient, d), zeros.data());
    return gradient;
  }
  float* out = gradient.data_ptr<float>();
  at::parallel_for(0, steps_.size(1), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::size_t d = 0; d < directions_.size(); ++d) {
      directions_[d].input_gradient(data_of(gates_gradient[d]), out, d > 0,
                                    static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
    }
  });
  return gradient;
}

torch::autograd::tensor_list FusedLayer::backward(const at::Tensor& output,
                                                  const at::Tensor& gradient,
                                                  bool needs_input_gradient) {
  const std::size_t count = directions_.size();
  const float* in = is_projected() ? nullptr : data_of(steps_);
  const float* out = data_of(output);
  const float* d_out = data_of(gradient);
  std::vector<at::Tensor> gates(count), input_weight(count), recurrent_weight(count), bias(count);
  std::vector<float*> d_gates(count);
  for (std::size_t d = 0; d < count; ++d) {
    gates[d] = over_time(shape_.gates());
    d_gates[d] = gates[d].data_ptr<float>();
    if (!is_projected()) input_weight[d] = at::empty_like(tensors_[d].input_weight);
    recurrent_weight[d] = at::empty_like(tensors_[d].recurrent_weight);
    bias[d] = at::empty_like(tensors_[d].bias);
  }
  in_pieces(shape_.batch, kRowsOfTask, [&](std::size_t d, std::size_t begin, std::size_t end) {
    directions_[d].run_backward(tensors_[d].tape(), d_out + d * shape_.hidden, stride(), d_gates[d],
                                begin, end);
  });
  in_pieces(directions_.front().weight_panels() + 1, 1,
            [&](std::size_t d, std::size_t begin, std::size_t end) {
              for (std::size_t panel = begin; panel < end; ++panel) {
                if (panel == directions_[d].weight_panels()) {
                  directions_[d].bias_gradient(d_gates[d], bias[d].data_ptr<float>());
                } else {
                  directions_[d].weight_gradient(d_gates[d], in, out + d * shape_.hidden, stride(),
                                                 panel, writable(input_weight[d]),
                                                 recurrent_weight[d].data_ptr<float>());
                }
              }
            });
  const at::Tensor d_steps = needs_input_gradient ? input_gradient(gates) : at::Tensor();
  torch::autograd::tensor_list gradients{d_steps, at::Tensor()};
  for (std::size_t d = 0; d < 2; ++d) {
    const bool there = d < count;
    for (const at::Tensor& tensor :
         {there ? input_weight[d] : at::Tensor(), there ? recurrent_weight[d] : at::Tensor(),
          there ? bias[d] : at::Tensor(), at::Tensor(), at::Tensor()}) {
      gradients.push_back(tensor);
    }
  }
  return gradients;
}

class LstmFunction : public torch::autograd::Function<LstmFunction> {
 public:
  /// Undefined tensors can't be arguments of a function: what may be missing is optional.
  using Optional = std::optional<at::Tensor>;

  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& steps,
                            const Lengths& lengths, const Optional& input_weight,
                            const at::Tensor& recurrent_weight, const at::Tensor& bias,
                            const Optional& input_mask, const Optional& recurrent_mask,
                            const Optional& second_input_weight,
                            const Optional& second_recurrent_weight, const Optional& second_bias,
                            const Optional& second_input_mask,
                            const Optional& second_recurrent_mask) {
    const at::Tensor none;
    std::vector<DirectionTensors> directions{{input_weight.value_or(none),
                                              recurrent_weight,
                                              bias,
                                              input_mask.value_or(none),
                                              recurrent_mask.value_or(none),
                                              {},
                                              {},
                                              {}}};
    if (second_recurrent_weight) {
      directions.push_back({second_input_weight.value_or(none),
                            *second_recurrent_weight,
                            *second_bias,
                            second_input_mask.value_or(none),
                            second_recurrent_mask.value_or(none),
                            {},
                            {},
                            {}});
    }
    FusedLayer layer(steps, std::move(directions), lengths);
    at::Tensor output = layer.forward();
    torch::autograd::tensor_list saved{steps, output};
    for (const DirectionTensors& t : layer.tensors()) {
      for (const at::Tensor& tensor : {t.input_weight, t.recurrent_weight, t.bias, t.input_mask,
                                       t.recurrent_mask, t.gates, t.cells, t.tanh_cell}) {
        saved.push_back(tensor);
      }
    }
    ctx->save_for_backward(std::move(saved));
    ctx->saved_data["lengths"] = lengths;
    return output;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx,
                                               torch::autograd::tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    std::vector<DirectionTensors> directions;
    for (std::size_t i = 2; i < saved.size(); i += kTensorsOfDirection) {
      directions.push_back({saved[i], saved[i + 1], saved[i + 2], saved[i + 3], saved[i + 4],
                            saved[i + 5], saved[i + 6], saved[i + 7]});
    }
    const Lengths lengths = ctx->saved_data["lengths"].toIntVector();
    FusedLayer layer(saved[0], std::move(directions), lengths);
    return layer.backward(saved[1], gradients[0].contiguous(), ctx->needs_input_grad(0));
  }
};

std::optional<at::Tensor> dense(const at::Tensor& tensor) {
  if (!tensor.defined()) return std::nullopt;
  return tensor.contiguous();
}

}  // namespace

bool can_fuse_lstm(const at::Tensor& steps, std::span<const LstmWeights> directions) {
  const at::Tensor& weight = directions.front().input_weight;
  return steps.is_cpu() && steps.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat;
}

at::Tensor lstm_fused(const at::Tensor& steps, std::span<const LstmWeights> directions,
                      std::span<const LstmMasks> masks, const Lengths& lengths) {
  std::array<std::optional<at::Tensor>, 2> input_weight, recurrent_weight, bias, input_mask,
      recurrent_mask;
  // Under autocast the product with all steps' inputs is one of bfloat16, and libtorch's.
  const bool projects =
      at::autocast::is_autocast_enabled(at::kCPU) &&
      std::ranges::none_of(masks, [](const LstmMasks& mask) { return mask.input.defined(); });
  std::vector<at::Tensor> input_weights;
  for (std::size_t d = 0; d < directions.size(); ++d) {
    const LstmWeights& weights = directions[d];
    input_weights.push_back(weights.input_weight);
    if (!projects) input_weight[d] = dense(weights.input_weight);
    recurrent_weight[d] = dense(weights.recurrent_weight);
    bias[d] = dense(weights.recurrent_bias.defined() ? weights.bias + weights.recurrent_bias
                                                     : weights.bias);
    input_mask[d] = dense(masks[d].input);
    recurrent_mask[d] = dense(masks[d].recurrent);
  }
  const at::Tensor first =
      projects ? at::linear(steps.contiguous(), at::cat(input_weights)) : steps;
  return LstmFunction::apply(first.contiguous(), lengths, input_weight[0], *recurrent_weight[0],
                             *bias[0], input_mask[0], recurrent_mask[0], input_weight[1],
                             recurrent_weight[1], bias[1], input_mask[1], recurrent_mask[1]);
}

}  // namespace parlando::train
