#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "common/dist/communicator.h"
#include "train/optim/flat_parameters.h"

namespace parlando::train {

/// Sums gradients over ranks while backward still runs. Buckets are ranges of the flat gradient
/// buffer, last parameters first, as backward reaches them; a bucket is sent when all its gradients
/// are there and all buckets before it are sent, so that every rank sends in the same order.
///
///     reducer.start();  loss.backward();  reducer.finish();
class GradientReducer {
 public:
  GradientReducer(std::vector<NamedTensor>& parameters, FlatParameters& flat,
                  dist::Communicator& communicator,
                  std::size_t bucket_bytes = std::size_t{1} << 20);
  GradientReducer(const GradientReducer&) = delete;
  GradientReducer& operator=(const GradientReducer&) = delete;

  /// Zeroes the gradients and awaits so many backward passes, whose gradients add up.
  void start(std::size_t passes = 1);
  /// Waits for all buckets; afterwards the gradients are sums over all ranks.
  void finish();

  std::size_t bucket_count() const { return buckets_.size(); }

 private:
  struct Bucket {
    std::int64_t begin = 0, end = 0;  // elements of the flat buffer
    std::size_t parameters = 0;
    std::size_t missing = 0;
    std::unique_ptr<dist::Request> request;
  };

  void on_gradient(std::size_t parameter);
  void launch_ready();
  dist::Buffer view(const Bucket& bucket) const;

  FlatParameters& flat_;
  dist::Communicator& communicator_;
  std::vector<Bucket> buckets_;
  std::vector<std::size_t> bucket_of_;
  std::size_t launched_ = 0;
};

}  // namespace parlando::train
