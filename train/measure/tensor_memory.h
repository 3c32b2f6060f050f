#pragma once

#include <cstdint>
#include <memory>

#include "train/torch.h"

namespace parlando::train {

/// Most memory that tensors made on this thread while the object lives took at one time, bytes:
/// activations, gradients of activations and working memory of operators. What was there before is
/// not counted.
class TensorMemory {
 public:
  explicit TensorMemory(at::Device device);
  ~TensorMemory();
  TensorMemory(const TensorMemory&) = delete;
  TensorMemory& operator=(const TensorMemory&) = delete;

  std::int64_t peak() const;

 private:
  class Reporter;
  std::shared_ptr<Reporter> reporter_;
  std::unique_ptr<c10::DebugInfoGuard> guard_;
  int log_level_;  ///< libtorch's, to put back
};

}  // namespace parlando::train
