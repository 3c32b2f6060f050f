#include "train/optim/optimizer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "train/kernels/update_kernels.h"

namespace parlando::train {
namespace {

constexpr std::int64_t kBlock = 4096;  // elements that one sum or one task of a thread covers

/// What clip_norm makes of the gradients.
double clip_scale(const OptimizerConfig& config, double norm) {
  if (config.clip_norm == 0) return 1;
  // clip_by_global_norm of Keras; clip_grad_norm_ of torch.
  return config.form == "keras" ? config.clip_norm / std::max(norm, config.clip_norm)
                                : std::min(1.0, config.clip_norm / (norm + 1e-6));
}

UpdateStep update_of(const OptimizerConfig& config, double norm, double learning_rate) {
  const bool decoupled = config.form == "keras" || config.kind == "adamw";
  return {.gradient_bound = config.clip_value,
          .gradient_scale = clip_scale(config, norm),
          .gradient_decay = decoupled ? 0 : config.weight_decay,
          .weight_scale = decoupled ? 1 - learning_rate * config.weight_decay : 1};
}

AdamStep adam_of(const OptimizerConfig& config, std::int64_t steps, double learning_rate) {
  const auto t = static_cast<double>(steps);
  const double mean_share = 1 - std::pow(config.beta1, t);
  const double root_share = std::sqrt(1 - std::pow(config.beta2, t));
  const bool keras = config.form == "keras";
  return {.beta1 = config.beta1,
          .beta2 = config.beta2,
          .rate = learning_rate / mean_share * (keras ? root_share : 1),
          .root_scale = keras ? 1 : 1 / root_share,
          .epsilon = config.epsilon};
}

SgdStep sgd_of(const OptimizerConfig& config, double learning_rate) {
  // Keras multiplies what goes into the velocity by the rate, torch what comes out.
  const bool keras = config.form == "keras";
  return {.momentum = config.momentum,
          .velocity_rate = keras ? learning_rate : 1,
          .rate = keras ? 1 : learning_rate,
          .nesterov = config.nesterov};
}

/// Gradients as the update sees them, for devices without kernels of ours.
at::Tensor changed(const at::Tensor& gradients, const at::Tensor& values,
                   const UpdateStep& update) {
  at::Tensor g = update.gradient_bound > 0
                     ? gradients.clamp(-update.gradient_bound, update.gradient_bound)
                     : gradients;
  return g * update.gradient_scale + values * update.gradient_decay;
}

void adam_on_device(const UpdateStep& update, const AdamStep& step, const at::Tensor& gradients,
                    const at::Tensor& values, const at::Tensor& first, const at::Tensor& second) {
  const at::Tensor g = changed(gradients, values, update);
  first.mul_(step.beta1).add_(g, 1 - step.beta1);
  second.mul_(step.beta2).addcmul_(g, g, 1 - step.beta2);
  values.mul_(update.weight_scale)
      .addcdiv_(first, second.sqrt().mul_(step.root_scale).add_(step.epsilon), -step.rate);
}

void sgd_on_device(const UpdateStep& update, const SgdStep& step, const at::Tensor& gradients,
                   const at::Tensor& values, const at::Tensor& velocity) {
  const at::Tensor pull = changed(gradients, values, update) * step.velocity_rate;
  velocity.mul_(step.momentum).add_(pull);
  const at::Tensor along = step.nesterov ? velocity * step.momentum + pull : velocity;
  values.mul_(update.weight_scale).sub_(along, step.rate);
}

/// Calls body(begin, count) for pieces of [0, n), by several threads.
template <class Body>
void for_pieces(std::int64_t n, const Body& body) {
  at::parallel_for(0, n, 8 * kBlock, [&](std::int64_t begin, std::int64_t end) {
    body(begin, static_cast<std::size_t>(end - begin));
  });
}

}  // namespace

Optimizer::Optimizer(const OptimizerConfig& config, const at::Tensor& values) : config_(config) {
  if (config.kind == "sgd") {
    slots_ = {{"velocity", at::zeros_like(values)}};
  } else {
    slots_ = {{"first_moment", at::zeros_like(values)}, {"second_moment", at::zeros_like(values)}};
  }
}

double Optimizer::gradient_norm(const at::Tensor& gradients) const {
  if (!gradients.is_cpu()) {
    const at::Tensor g = gradients.to(at::kDouble);
    const double bound = config_.clip_value;
    const at::Tensor bounded = bound > 0 ? g.clamp(-bound, bound) + (g - g) : g;
    return bounded.norm().item<double>();
  }
  const std::int64_t n = gradients.numel();
  std::vector<double> sums(static_cast<std::size_t>((n + kBlock - 1) / kBlock));
  AT_DISPATCH_FLOATING_TYPES(gradients.scalar_type(), "gradient_norm", [&] {
    const scalar_t* data = gradients.const_data_ptr<scalar_t>();
    at::parallel_for(0, static_cast<std::int64_t>(sums.size()), 8,
                     [&](std::int64_t begin, std::int64_t end) {
                       for (std::int64_t i = begin; i < end; ++i) {
                         const std::int64_t size = std::min(kBlock, n - i * kBlock);
                         sums[static_cast<std::size_t>(i)] = sum_of_squares(
                             data + i * kBlock, static_cast<std::size_t>(size), config_.clip_value);
                       }
                     });
  });
  return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}

void Optimizer::step(const at::Tensor& values, const at::Tensor& gradients, double norm,
                     double learning_rate) {
  const at::NoGradGuard guard;
  ++steps_;
  const UpdateStep update = update_of(config_, norm, learning_rate);
  const AdamStep adam = adam_of(config_, steps_, learning_rate);
  const SgdStep sgd = sgd_of(config_, learning_rate);
  const bool is_sgd = config_.kind == "sgd";
  const at::Tensor& first = slots_.front().tensor;
  const at::Tensor& second = slots_.back().tensor;
  if (!values.is_cpu()) {
    if (is_sgd) return sgd_on_device(update, sgd, gradients, values, first);
    return adam_on_device(update, adam, gradients, values, first, second);
  }
  AT_DISPATCH_FLOATING_TYPES(values.scalar_type(), "optimizer", [&] {
    const scalar_t* g = gradients.const_data_ptr<scalar_t>();
    scalar_t* p = values.mutable_data_ptr<scalar_t>();
    scalar_t* m = first.mutable_data_ptr<scalar_t>();
    scalar_t* v = second.mutable_data_ptr<scalar_t>();
    for_pieces(values.numel(), [&](std::int64_t i, std::size_t count) {
      if (is_sgd) {
        sgd_update(update, sgd, g + i, p + i, m + i, count);
      } else {
        adam_update(update, adam, g + i, p + i, m + i, v + i, count);
      }
    });
  });
}

}  // namespace parlando::train
