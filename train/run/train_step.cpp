#include "train/run/train_step.h"

#include <array>
#include <cmath>

#include "common/dist/together.h"
#include "train/optim/loss.h"

namespace parlando::train {

TrainStep::TrainStep(const TrainConfig& config, Classifier& model, FlatParameters& flat, Adam& adam,
                     const at::Tensor& class_weights, dist::Communicator& host,
                     dist::Communicator& gradients)
    : config_(config),
      model_(model),
      flat_(flat),
      adam_(adam),
      class_weights_(class_weights.to(flat.values().options())),
      host_(host),
      reducer_(model.parameters(), flat, gradients) {}

void TrainStep::ended(std::string_view phase) const {
  if (observer_ != nullptr) observer_->on_phase(phase);
}

StepResult TrainStep::run(const StepBatch& batch, std::int64_t epoch, double learning_rate,
                          StepRequests requests) {
  const at::Tensor features = batch.data.features.to(flat_.values().options());
  const at::Tensor labels = batch.data.labels.to(flat_.values().device());
  const ForwardContext context{.training = true,
                               .seed = config_.seed,
                               .epoch = epoch,
                               .positions = batch.positions,
                               .batch_norm_group = config_.sync_batch_norm ? &host_ : nullptr,
                               .has_samples = batch.has_samples,
                               .observer = observer_};
  reducer_.start();
  ended("transfer");
  const at::Tensor logits = model_.forward(features, context);
  const at::Tensor losses =
      cross_entropy(logits, labels, config_.loss.label_smoothing, class_weights_);
  const double share_weight =
      batch.has_samples ? 1.0 / static_cast<double>(batch.global_size) : 0.0;
  ended("loss");
  (losses.sum() * share_weight).backward();
  ended("backward");
  reducer_.finish();
  ended("gradient wait");

  std::array<double, 5> sums{};
  if (batch.has_samples) {
    sums = {losses.sum().item<double>(), (logits.argmax(1) == labels).sum().item<double>(),
            static_cast<double>(batch.positions.size()), 0, 0};
  }
  sums[3] = requests.stop ? 1 : 0;
  sums[4] = requests.checkpoint ? 1 : 0;
  host_.all_reduce(std::span(sums), dist::ReduceOp::sum);
  if (!std::isfinite(sums[0])) {
    dist::fail_together(
        host_, ErrorKind::data,
        fmt::format(
            "the loss is not finite in epoch {} at sample {}; lower optimizer.learning_rate",
            epoch + 1, batch.first_position));
  }
  ended("counters");
  adam_.step(flat_.values(), flat_.gradients(), learning_rate);
  ended("optimiser");
  return {.loss_sum = sums[0],
          .correct = sums[1],
          .samples = sums[2],
          .requests = {.stop = sums[3] > 0, .checkpoint = sums[4] > 0}};
}

}  // namespace parlando::train
