#include "train/run/train_step.h"

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "common/dist/together.h"
#include "train/data/sampler.h"
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

StepResult TrainStep::run(const SampleSet& samples, std::span<const std::size_t> global_batch,
                          std::int64_t first_position, std::int64_t epoch, double learning_rate,
                          bool stop_requested) {
  const Share share = share_of(global_batch.size(), host_.rank(), host_.size());
  // A rank whose share is empty runs the batch's first sample to take part in the collectives,
  // weighed 0.
  const bool has_samples = share.size() > 0;
  const std::span<const std::size_t> local =
      has_samples ? global_batch.subspan(share.begin, share.size()) : global_batch.first(1);
  std::vector<std::int64_t> positions(local.size());
  std::iota(positions.begin(), positions.end(),
            first_position + static_cast<std::int64_t>(share.begin));

  const SampleSet::Batch batch = samples.batch(local);
  const at::Tensor features = batch.features.to(flat_.values().options());
  const at::Tensor labels = batch.labels.to(flat_.values().device());
  const ForwardContext context{.training = true,
                               .seed = config_.seed,
                               .epoch = epoch,
                               .positions = positions,
                               .batch_norm_group = config_.sync_batch_norm ? &host_ : nullptr,
                               .has_samples = has_samples};
  reducer_.start();
  const at::Tensor logits = model_.forward(features, context);
  const at::Tensor losses =
      cross_entropy(logits, labels, config_.loss.label_smoothing, class_weights_);
  const double share_weight = has_samples ? 1.0 / static_cast<double>(global_batch.size()) : 0.0;
  (losses.sum() * share_weight).backward();
  reducer_.finish();

  std::array<double, 4> sums{};
  if (has_samples) {
    sums = {losses.sum().item<double>(), (logits.argmax(1) == labels).sum().item<double>(),
            static_cast<double>(local.size()), 0};
  }
  sums[3] = stop_requested ? 1 : 0;
  host_.all_reduce(std::span(sums), dist::ReduceOp::sum);
  if (!std::isfinite(sums[0])) {
    dist::fail_together(
        host_, ErrorKind::data,
        fmt::format(
            "the loss is not finite in epoch {} at sample {}; lower optimizer.learning_rate",
            epoch + 1, first_position));
  }
  adam_.step(flat_.values(), flat_.gradients(), learning_rate);
  return {
      .loss_sum = sums[0], .correct = sums[1], .samples = sums[2], .stop_requested = sums[3] > 0};
}

}  // namespace parlando::train
