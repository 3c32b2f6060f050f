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

std::vector<double> values_of(const at::Tensor& tensor) {
  const at::Tensor values = tensor.detach().to(at::kDouble).cpu().contiguous();
  const double* data = values.const_data_ptr<double>();
  return {data, data + values.numel()};
}

/// `mask` [batch, ..., 1] or undefined.
BatchStatistics batch_statistics(const at::Tensor& all_rows, const at::Tensor& mask,
                                 const StatisticsGroup& group) {
  const at::Tensor rows = mask.defined() ? all_rows * mask : all_rows;
  const double share = mask.defined() ? mask.mean(at::kDouble).item<double>() : 1.0;
  const auto elements = static_cast<double>(rows.numel() / rows.size(-1));
  return {channel_sums(rows, rows), elements * share, group};  // sum x, sum x * x
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
    const double count = ctx->saved_data["count"].toDouble();
    const StatisticsGroup group{
        reinterpret_cast<dist::Communicator*>(ctx->saved_data["group"].toInt()),
        ctx->saved_data["has_samples"].toBool()};

    const at::Tensor gradient = (mask.defined() ? gradients[0] * mask : gradients[0]).contiguous();
    const NormGradient result(channel_sums(gradient, rows),  // sum dy, sum dy * x
                              values_of(weight), values_of(mean), values_of(inverse_deviation),
                              count, group);
    at::Tensor input_gradient =
        group.has_samples
            ? combine(gradient, rows, torch::tensor(result.a, at::kDouble),
                      torch::tensor(result.b, at::kDouble), torch::tensor(result.c, at::kDouble))
            : at::zeros_like(rows);
    if (mask.defined()) input_gradient.mul_(mask);
    return {input_gradient,
            torch::tensor(result.weight, weight.options().requires_grad(false)),
            torch::tensor(result.bias, weight.options().requires_grad(false)),
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

void BatchNorm::move(const BatchStatistics& statistics) {
  const double correction = unbiased ? statistics.count / std::max(1.0, statistics.count - 1) : 1.0;
  const at::NoGradGuard guard;
  const auto toward = [&](at::Tensor& moving, const std::vector<double>& values, double share) {
    moving.mul_(momentum).add_(torch::tensor(values, at::kDouble).to(moving.options()), share);
  };
  toward(running_mean, statistics.mean, 1 - momentum);
  toward(running_variance, statistics.variance, (1 - momentum) * correction);
}

at::Tensor BatchNorm::forward(const at::Tensor& input, const ForwardContext& context,
                              const at::Tensor& mask) {
  const at::Tensor rows = to_rows(input);
  // A frozen layer keeps its statistics, as Keras' does.
  if (!context.training || !weight.requires_grad()) return from_rows(apply_moving(rows), input);
  const at::Tensor mask_rows =
      mask.defined() && mask.dim() == 4 ? mask.permute({0, 2, 3, 1}) : mask;
  const StatisticsGroup group{context.batch_norm_group, context.has_samples};
  const BatchStatistics statistics = batch_statistics(rows.detach(), mask_rows, group);
  move(statistics);
  const at::Tensor output = SyncedBatchNorm::apply(
      rows, weight, bias, torch::tensor(statistics.mean, at::kDouble),
      torch::tensor(statistics.inverse_deviation(epsilon), at::kDouble),
      mask_rows.defined() ? std::optional(mask_rows) : std::nullopt, statistics.count,
      reinterpret_cast<std::int64_t>(context.batch_norm_group), context.has_samples);
  return from_rows(output, input);
}

}  // namespace parlando::train
