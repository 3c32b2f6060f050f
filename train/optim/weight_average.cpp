#include "train/optim/weight_average.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace parlando::train {

WeightAverage::WeightAverage(const AveragingConfig& config, std::vector<NamedTensor> tensors)
    : config_(config), followed_(std::move(tensors)) {
  const int copies = config.kind == "none" ? 0 : config.kind == "ema" ? 1 : config.epochs;
  for (int copy = 0; copy < copies; ++copy) {
    std::vector<at::Tensor>& kept = kept_.emplace_back();
    for (const NamedTensor& entry : followed_) kept.push_back(entry.tensor.detach().clone());
  }
}

void WeightAverage::after_step() {
  if (config_.kind != "ema") return;
  const at::NoGradGuard guard;
  // The first step's weights are the first average, as in Keras.
  const double rest = count_ == 0 ? 1 : 1 - config_.decay;
  for (std::size_t i = 0; i < followed_.size(); ++i) kept_[0][i].lerp_(followed_[i].tensor, rest);
  ++count_;
}

void WeightAverage::after_epoch() {
  if (config_.kind != "last") return;
  const at::NoGradGuard guard;
  std::vector<at::Tensor>& oldest = kept_[static_cast<std::size_t>(count_ % config_.epochs)];
  for (std::size_t i = 0; i < followed_.size(); ++i) oldest[i].copy_(followed_[i].tensor);
  ++count_;
}

at::Tensor WeightAverage::average_of(std::size_t tensor) const {
  if (config_.kind == "ema") return kept_[0][tensor];
  const auto present =
      static_cast<std::size_t>(std::min<std::int64_t>(count_, std::int64_t{config_.epochs}));
  at::Tensor sum = kept_[0][tensor].to(at::kDouble, /*non_blocking=*/false, /*copy=*/true);
  for (std::size_t copy = 1; copy < present; ++copy) sum.add_(kept_[copy][tensor]);
  return sum.div_(static_cast<double>(present));
}

void WeightAverage::exchange() {
  if (kept_.empty() || count_ == 0) return;
  const at::NoGradGuard guard;
  saved_.clear();
  for (std::size_t i = 0; i < followed_.size(); ++i) {
    saved_.push_back(followed_[i].tensor.detach().clone());
    followed_[i].tensor.copy_(average_of(i));
  }
}

void WeightAverage::put_back() {
  const at::NoGradGuard guard;
  for (std::size_t i = 0; i < saved_.size(); ++i) followed_[i].tensor.copy_(saved_[i]);
  saved_.clear();
}

std::vector<NamedTensor> WeightAverage::tensors() const {
  std::vector<NamedTensor> all;
  for (std::size_t copy = 0; copy < kept_.size(); ++copy) {
    for (std::size_t i = 0; i < followed_.size(); ++i) {
      all.push_back({fmt::format("average{}/{}", copy, followed_[i].name), kept_[copy][i]});
    }
  }
  return all;
}

}  // namespace parlando::train
