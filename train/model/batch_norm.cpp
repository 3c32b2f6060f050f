#include "train/model/batch_norm.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "common/dist/communicator.h"
#include "train/model/channel_sums.h"

namespace parlando::train {
namespace {

/// [batch, channels, ...] as rows [batch * ..., channels]; free for channels-last memory.
at::Tensor to_rows(const at::Tensor& tensor) {
  return tensor.dim() == 4 ? tensor.permute({0, 2, 3, 1}).contiguous() : tensor.contiguous();
}

at::Tensor from_rows(const at::Tensor& rows, const at::Tensor& like) {
  return like.dim() == 4 ? rows.permute({0, 3, 1, 2}) : rows;
}

/// Sums `values` (float64, on the host) over the group; a rank without samples adds nothing.
void sum_over_group(std::vector<double>& values, dist::Communicator* group, bool has_samples) {
  if (!has_samples) values.assign(values.size(), 0.0);
  if (group != nullptr) group->all_reduce(std::span(values), dist::ReduceOp::sum);
}

/// Mean and biased variance of each channel over the group's batch, [2, channels] float64, and the
/// count.
struct Statistics {
  at::Tensor mean, variance;
  double count = 0;
};

/// `mask` [batch, ..., 1] or undefined.
Statistics batch_statistics(const at::Tensor& all_rows, const at::Tensor& mask,
                            dist::Communicator* group, bool has_samples) {
  const at::Tensor rows = mask.defined() ? all_rows * mask : all_rows;
  const auto channels = static_cast<std::size_t>(rows.size(-1));
  std::vector<double> sums = channel_sums(rows, rows);  // sum x, sum x * x
  const double share = mask.defined() ? mask.mean(at::kDouble).item<double>() : 1.0;
  sums.push_back(static_cast<double>(rows.numel()) / static_cast<double>(channels) * share);
  sum_over_group(sums, group, has_samples);
  const double count = sums.back();
  std::vector<double> mean(channels), variance(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    mean[c] = sums[c] / count;
    variance[c] = std::max(0.0, sums[channels + c] / count - mean[c] * mean[c]);
  }
  return {torch::tensor(mean, at::kDouble), torch::tensor(variance, at::kDouble), count};
}

class SyncedBatchNorm : public torch::autograd::Function<SyncedBatchNorm> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& rows,
                            const at::Tensor& weight, const at::Tensor& bias,
                            const at::Tensor& mean, const at::Tensor& inverse_deviation,
                            const std::optional<at::Tensor>& mask, double count, std::int64_t group,
                            bool has_samples) {
    ctx->save_for_backward({rows, weight, mean, inverse_deviation, mask.value_or(at::Tensor())});
    ctx->saved_data["count"] = count;
    ctx->saved_data["group"] = group;
    ctx->saved_data["has_samples"] = has_samples;
    const at::Tensor scale = weight.to(at::kDouble).cpu() * inverse_deviation;
    return scale_and_shift(rows, scale, bias.to(at::kDouble).cpu() - mean * scale);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx,
                                               torch::autograd::tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    const at::Tensor& rows = saved[0];
    const at::Tensor& weight = saved[1];
    const at::Tensor& mean = saved[2];
    const at::Tensor& inverse_deviation = saved[3];
    const at::Tensor& mask = saved[4];
    const bool has_samples = ctx->saved_data["has_samples"].toBool();
    const double count = ctx->saved_data["count"].toDouble();
    auto* group = reinterpret_cast<dist::Communicator*>(ctx->saved_data["group"].toInt());

    const at::Tensor gradient = (mask.defined() ? gradients[0] * mask : gradients[0]).contiguous();
    const std::vector<double> local = channel_sums(gradient, rows);  // sum dy, sum dy * x
    std::vector<double> global = local;
    sum_over_group(global, group, has_samples);

    const std::int64_t channels = rows.size(-1);
    const auto pair = [&](const std::vector<double>& values) {
      return torch::tensor(values, at::kDouble).view({2, channels});
    };
    const at::Tensor local_sums = pair(local);
    const at::Tensor global_sums = pair(global);
    const auto scaled = [&](const at::Tensor& sums) {
      return (sums[1] - mean * sums[0]) * inverse_deviation;
    };
    // d input = scale * (dy - sum(dy) / n - xhat * sum(dy * xhat) / n), as a * dy + b * x + c per
    // channel
    const at::Tensor scale = weight.to(at::kDouble).cpu() * inverse_deviation;
    const at::Tensor b = -scale * inverse_deviation * scaled(global_sums) / count;
    const at::Tensor c = -scale * global_sums[0] / count - b * mean;
    at::Tensor input_gradient =
        has_samples ? combine(gradient, rows, scale, b, c) : at::zeros_like(rows);
    if (mask.defined()) input_gradient.mul_(mask);

    const double keep = has_samples ? 1.0 : 0.0;
    const auto options = weight.options();
    return {input_gradient,
            (scaled(local_sums) * keep).to(options),
            (local_sums[0] * keep).to(options),
            at::Tensor(),
            at::Tensor(),
            at::Tensor(),
            at::Tensor(),
            at::Tensor(),
            at::Tensor()};
  }
};

}  // namespace

at::Tensor BatchNorm::apply_moving(const at::Tensor& rows) const {
  if (at::GradMode::is_enabled()) {
    const at::Tensor scale = weight / (running_variance + epsilon).sqrt();
    return rows * scale + (bias - running_mean * scale);
  }
  const at::Tensor scale =
      weight.to(at::kDouble).cpu() / (running_variance.to(at::kDouble).cpu() + epsilon).sqrt();
  return scale_and_shift(rows, scale,
                         bias.to(at::kDouble).cpu() - running_mean.to(at::kDouble).cpu() * scale);
}

at::Tensor BatchNorm::forward(const at::Tensor& input, const ForwardContext& context,
                              const at::Tensor& mask) {
  const at::Tensor rows = to_rows(input);
  // A frozen layer keeps its statistics, as Keras' does.
  if (!context.training || !weight.requires_grad()) return from_rows(apply_moving(rows), input);
  const at::Tensor mask_rows =
      mask.defined() && mask.dim() == 4 ? mask.permute({0, 2, 3, 1}) : mask;
  const Statistics statistics =
      batch_statistics(rows.detach(), mask_rows, context.batch_norm_group, context.has_samples);
  {
    const double correction =
        unbiased ? statistics.count / std::max(1.0, statistics.count - 1) : 1.0;
    const at::NoGradGuard guard;
    running_mean.mul_(momentum).add_(statistics.mean.to(running_mean.options()), 1 - momentum);
    running_variance.mul_(momentum).add_(statistics.variance.to(running_variance.options()),
                                         (1 - momentum) * correction);
  }
  const at::Tensor output = SyncedBatchNorm::apply(
      rows, weight, bias, statistics.mean, (statistics.variance + epsilon).rsqrt(),
      mask_rows.defined() ? std::optional(mask_rows) : std::nullopt, statistics.count,
      reinterpret_cast<std::int64_t>(context.batch_norm_group), context.has_samples);
  return from_rows(output, input);
}

}  // namespace parlando::train
