#pragma once

#include <cstdint>
#include <span>

#include "common/dist/communicator.h"
#include "train/model/step_observer.h"

namespace parlando::train {

/// What a forward pass depends on besides its input and the parameters.
struct ForwardContext {
  bool training = false;
  std::uint64_t seed = 0;
  std::int64_t epoch = 0;
  /// Position of each sample of this rank's batch in the epoch's order: the counter of dropout's
  /// draws, so that a mask depends on the sample and not on the rank that has it.
  std::span<const std::int64_t> positions{};
  /// Valid frames of each sample, which a network with `mask` heeds; empty: all are valid.
  std::span<const std::int64_t> lengths{};
  /// Statistics of batch norm are summed over this group; null for this rank alone.
  dist::Communicator* batch_norm_group = nullptr;
  /// False for a rank whose share of the global batch is empty: it runs a stand-in sample to take
  /// part in the collectives, which must leave no trace in statistics or gradients.
  bool has_samples = true;
  /// Fused CPU kernels where there are some; false: libtorch's operations one by one, for
  /// comparison.
  bool fast_kernels = true;
  StepObserver* observer = nullptr;

  /// Tells the observer, if there is one, of a part's output.
  void computed(std::string_view part, const at::Tensor& output) const {
    if (observer != nullptr) observer->on_part(part, output);
  }
};

}  // namespace parlando::train
