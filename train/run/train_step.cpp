#include "train/run/train_step.h"

#include <array>
#include <cmath>

#include "common/dist/together.h"

namespace parlando::train {

TrainStep::TrainStep(const TrainConfig& config, Classifier& model, FlatParameters& flat,
                     Optimizer& optimizer, const at::Tensor& class_weights,
                     dist::Communicator& host, dist::Communicator& gradients,
                     const ReplicaFactory& make_replica)
    : config_(config),
      model_(model),
      flat_(flat),
      penalty_(model.penalties(), flat),
      optimizer_(optimizer),
      host_(host) {
  if (config.distributed.micro_shards > 0) {
    micro_shards_.emplace(config, model, flat, class_weights, host, make_replica);
  } else {
    whole_.emplace(config, model, flat, class_weights, host, gradients);
  }
}

void TrainStep::ended(std::string_view phase) const {
  if (observer_ != nullptr) observer_->on_phase(phase);
}

StepResult TrainStep::run(const StepBatch& batch, std::int64_t epoch, double learning_rate,
                          StepRequests requests) {
  const bool skips = config_.on_non_finite == "skip";
  const std::vector<at::Tensor> buffers = skips ? copy_buffers() : std::vector<at::Tensor>{};
  const PassSums sums =
      whole_ ? whole_->run(batch, epoch, observer_) : micro_shards_->run(batch, epoch, observer_);
  penalty_.add_gradient();
  const double norm = optimizer_.gradient_norm(flat_.gradients());
  std::array<std::int64_t, 3> flags{requests.stop ? 1 : 0, requests.checkpoint ? 1 : 0,
                                    std::isfinite(norm) ? 0 : 1};
  host_.all_reduce(std::span(flags), dist::ReduceOp::max);
  ended("counters");
  const StepRequests agreed{.stop = flags[0] != 0, .checkpoint = flags[1] != 0};
  if (!std::isfinite(sums.loss) || flags[2] != 0) {
    const char* const reason =
        std::isfinite(sums.loss) ? "the gradients are not finite" : "the loss is not finite";
    if (!skips) {
      dist::fail_together(
          host_, ErrorKind::data,
          fmt::format("{} in epoch {} at sample {}; lower optimizer.learning_rate, bound the "
                      "gradients (optimizer.clip_norm) or let such steps be left out "
                      "(on_non_finite=skip)",
                      reason, epoch + 1, batch.first_position));
    }
    restore_buffers(buffers);
    return {.skipped = true, .reason = reason, .requests = agreed};
  }
  const double penalty = penalty_.value();
  optimizer_.step(flat_.values(), flat_.gradients(), norm, learning_rate);
  ended("optimiser");
  return {.loss_sum = sums.loss + penalty * sums.samples,
          .correct = sums.correct,
          .samples = sums.samples,
          .skipped = false,
          .reason = "",
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
