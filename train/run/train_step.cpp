#include "train/run/train_step.h"

#include <array>
#include <cmath>

#include "common/dist/together.h"
#include "train/optim/loss.h"

namespace parlando::train {

TrainStep::TrainStep(const TrainConfig& config, Classifier& model, FlatParameters& flat,
                     Optimizer& optimizer, const at::Tensor& class_weights,
                     dist::Communicator& host, dist::Communicator& gradients)
    : config_(config),
      model_(model),
      flat_(flat),
      penalty_(model.penalties(), flat),
      optimizer_(optimizer),
      class_weights_(class_weights.to(flat.values().options())),
      host_(host),
      reducer_(model.parameters(), flat, gradients) {}

void TrainStep::ended(std::string_view phase) const {
  if (observer_ != nullptr) observer_->on_phase(phase);
}

void TrainStep::compute(const BatchPart& part, std::size_t global_size, std::int64_t epoch,
                        std::span<double, 3> sums) {
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
                               .observer = observer_};
  ended("transfer");
  const at::Tensor logits = model_.forward(features, context);
  const at::Tensor losses = sample_losses(config_.loss, logits, targets, class_weights_);
  const at::Tensor loss_sum = losses.sum();
  ended("loss");
  (loss_sum * (part.has_samples ? 1.0 / static_cast<double>(global_size) : 0.0)).backward();
  ended("backward");
  if (!part.has_samples) return;
  sums[0] += loss_sum.item<double>();
  sums[1] += count_correct(logits, targets).item<double>();
  sums[2] += static_cast<double>(part.positions.size());
}

StepResult TrainStep::run(const StepBatch& batch, std::int64_t epoch, double learning_rate,
                          StepRequests requests) {
  const bool skips = config_.on_non_finite == "skip";
  const std::vector<at::Tensor> buffers = skips ? copy_buffers() : std::vector<at::Tensor>{};
  std::array<double, 6> sums{};
  reducer_.start(batch.parts.size());
  for (const BatchPart& part : batch.parts) {
    compute(part, batch.global_size, epoch, std::span(sums).first<3>());
  }
  reducer_.finish();
  ended("gradient wait");

  penalty_.add_gradient();
  const double norm = optimizer_.gradient_norm(flat_.gradients());
  sums[3] = requests.stop ? 1 : 0;
  sums[4] = requests.checkpoint ? 1 : 0;
  sums[5] = std::isfinite(norm) ? 0 : 1;
  host_.all_reduce(std::span(sums), dist::ReduceOp::sum);
  ended("counters");
  const StepRequests agreed{.stop = sums[3] > 0, .checkpoint = sums[4] > 0};
  if (!std::isfinite(sums[0]) || sums[5] > 0) {
    if (!skips) {
      dist::fail_together(
          host_, ErrorKind::data,
          fmt::format("the {} not finite in epoch {} at sample {}; lower optimizer.learning_rate, "
                      "bound the gradients (optimizer.clip_norm) or let such steps be left out "
                      "(on_non_finite=skip)",
                      std::isfinite(sums[0]) ? "gradients are" : "loss is", epoch + 1,
                      batch.first_position));
    }
    restore_buffers(buffers);
    return {.skipped = true, .requests = agreed};
  }
  const double penalty = penalty_.value();
  optimizer_.step(flat_.values(), flat_.gradients(), norm, learning_rate);
  ended("optimiser");
  return {.loss_sum = sums[0] + penalty * sums[2],
          .correct = sums[1],
          .samples = sums[2],
          .skipped = false,
          .requests = agreed};
}

std::vector<at::Tensor> TrainStep::copy_buffers() const {
  std::vector<at::Tensor> copies;
  for (const NamedTensor& buffer : model_.buffers()) copies.push_back(buffer.tensor.clone());
  return copies;
}

void TrainStep::restore_buffers(const std::vector<at::Tensor>& copies) {
  const at::NoGradGuard guard;
  for (std::size_t i = 0; i < copies.size(); ++i) model_.buffers()[i].tensor.copy_(copies[i]);
}

}  // namespace parlando::train
