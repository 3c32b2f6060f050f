#pragma once

#include <deque>
#include <functional>
#include <utility>

#include "common/dist/thread_group.h"
#include "train/run/gradient_pass.h"

namespace parlando::train {

/// Makes another network of the same configuration, precision and device; its values do not matter.
using ReplicaFactory = std::function<Classifier()>;

/// Divides each global batch into distributed.micro_shards fixed shares, whatever the number of
/// ranks. A rank computes its shares side by side, one thread and one set of gradients each, and
/// what a share computes depends on the share alone. Sums over shares follow one binary tree. So
/// gradients, batch statistics and losses have the same bits for 1, 2, 4, ... ranks, up to the
/// number of shares.
class MicroShards {
 public:
  /// `flat` belongs to `model`, which is the network of the first share; its gradients are the
  /// result. Throws Error(usage) if the ranks do not divide the shares or the device is not the
  /// CPU. All references must outlive the object.
  MicroShards(const TrainConfig& config, Classifier& model, FlatParameters& flat,
              const at::Tensor& class_weights, dist::Communicator& host,
              const ReplicaFactory& make_replica);

  /// As GradientPass::run; `batch` is that of all this rank's micro-shards together. The observer
  /// hears of the first of them.
  PassSums run(const StepBatch& batch, std::int64_t epoch, StepObserver* observer);

 private:
  /// A network with the values of another, and gradients and batch statistics of its own.
  struct Replica {
    Replica(Classifier network, const at::Tensor& values)
        : model(std::move(network)), flat(model.parameters(), values) {}
    Classifier model;
    FlatParameters flat;
  };

  /// Gives the replicas the model's moving statistics, which a frozen batch norm normalises by.
  void share_statistics();

  int of_rank_;  // shares that this rank has
  int first_;    // number of the first of them
  int all_;
  Classifier& model_;
  dist::ThreadGroup threads_;
  std::deque<Replica> replicas_;  // networks of all shares of this rank but the first
  std::deque<GradientPass> passes_;
};

/// Threads that kernels may use: 1 with micro-shards, because the order of sums inside a kernel can
/// depend on it, otherwise `threads`.
int kernel_threads(const TrainConfig& config, int threads);

}  // namespace parlando::train
