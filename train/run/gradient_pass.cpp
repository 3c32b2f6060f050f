#include "train/run/gradient_pass.h"

#include <array>

#include "train/optim/loss.h"
#include "train/run/autocast.h"

namespace parlando::train {

GradientPass::GradientPass(const TrainConfig& config, Classifier& model, FlatParameters& flat,
                           const at::Tensor& class_weights, dist::Communicator& host,
                           dist::Communicator& gradients)
    : config_(config),
      model_(model),
      flat_(flat),
      class_weights_(class_weights.to(flat.values().options())),
      host_(host),
      reducer_(model.parameters(), flat, gradients) {}

at::Tensor GradientPass::forward(const at::Tensor& features, const ForwardContext& context) const {
  const Autocast autocast(config_.precision == "bfloat16", features.device());
  return model_.forward(features, context).to(features.scalar_type());
}

void GradientPass::compute(const BatchPart& part, const StepBatch& batch, std::int64_t epoch,
                           StepObserver* observer, std::span<double, 3> sums) {
  const at::Device device = flat_.values().device();
  const at::Tensor features = part.data.features.to(flat_.values().options());
  const Targets targets{.labels = part.data.labels.to(device),
                        .second_labels = part.second_labels.defined()
                                             ? part.second_labels.to(device)
                                             : part.second_labels,
                        .share = part.share};
  const std::int64_t* lengths = part.data.lengths.const_data_ptr<std::int64_t>();
  const ForwardContext context{.training = true,
                               .seed = config_.seed,
                               .epoch = epoch,
                               .positions = part.positions,
                               .lengths = {lengths, part.positions.size()},
                               .batch_norm_group = config_.sync_batch_norm ? &host_ : nullptr,
                               .has_samples = part.has_samples,
                               .fast_kernels = config_.fast_kernels,
                               .observer = observer};
  const auto ended = [&](std::string_view phase) {
    if (observer != nullptr) observer->on_phase(phase);
  };
  ended("transfer");
  const at::Tensor logits = forward(features, context);
  const at::Tensor losses = sample_losses(config_.loss, logits, targets, class_weights_);
  const at::Tensor loss_sum = losses.sum();
  ended("loss");
  const double weight = part.has_samples ? 1.0 / static_cast<double>(batch.global_size) : 0.0;
  (loss_sum * weight).backward();
  ended("backward");
  if (!part.has_samples) return;
  sums[0] += loss_sum.item<double>();
  sums[1] += count_correct(logits, targets).item<double>();
  sums[2] += static_cast<double>(part.positions.size());
}

PassSums GradientPass::run(const StepBatch& batch, std::int64_t epoch, StepObserver* observer) {
  std::array<double, 3> sums{};
  reducer_.start(batch.parts.size());
  for (const BatchPart& part : batch.parts) compute(part, batch, epoch, observer, sums);
  reducer_.finish();
  if (observer != nullptr) observer->on_phase("gradient wait");
  host_.all_reduce(std::span(sums), dist::ReduceOp::sum);
  return {.loss = sums[0], .correct = sums[1], .samples = sums[2]};
}

}  // namespace parlando::train
