#pragma once

#include <cstdint>
#include <vector>

#include "train/model/classifier.h"
#include "train/optim/averaging_config.h"
#include "train/torch.h"

namespace parlando::train {

/// Averages of the weights along the training. The moving statistics of batch norm are averaged
/// with the parameters, by the same rule.
class WeightAverage {
 public:
  /// `tensors`: the flat parameters and the model's buffers, which the average follows.
  WeightAverage(const AveragingConfig& config, std::vector<NamedTensor> tensors);

  void after_step();
  void after_epoch();

  /// While it lives the model holds the averages; then the weights of training again.
  class InUse {
   public:
    explicit InUse(WeightAverage& average) : average_(average) { average_.exchange(); }
    ~InUse() { average_.put_back(); }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

   private:
    WeightAverage& average_;
  };

  /// Puts the averages into the model for good.
  void exchange();

  /// State for checkpoints.
  std::vector<NamedTensor> tensors() const;
  std::int64_t count() const { return count_; }
  void set_count(std::int64_t count) { count_ = count; }

 private:
  void put_back();
  at::Tensor average_of(std::size_t tensor) const;

  AveragingConfig config_;
  std::vector<NamedTensor> followed_;
  std::vector<std::vector<at::Tensor>> kept_;  // [copies][tensors]: one, or a ring of epochs
  std::vector<at::Tensor> saved_;
  std::int64_t count_ = 0;  // steps or epochs taken in
};

}  // namespace parlando::train
