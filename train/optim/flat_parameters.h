#pragma once

#include <cstdint>
#include <vector>

#include "train/model/classifier.h"
#include "train/torch.h"

namespace parlando::train {

/// All parameters and all gradients in one buffer each, of which the model's tensors are views: the
/// optimiser is one operation over a vector, and a gradient bucket is a range of it.
class FlatParameters {
 public:
  /// Re-homes the parameters; they keep their values.
  explicit FlatParameters(std::vector<NamedTensor>& parameters);
  /// Lets the parameters be views of `values`, those of another network of the same kind; the
  /// gradients are their own.
  FlatParameters(std::vector<NamedTensor>& parameters, const at::Tensor& values);

  /// Tensors are handles: a copy refers to the same memory.
  at::Tensor values() const { return values_; }
  at::Tensor gradients() const { return gradients_; }
  std::int64_t size() const { return values_.numel(); }

  /// First element of parameter i in the buffers.
  std::int64_t offset(std::size_t parameter) const { return offsets_[parameter]; }
  std::size_t count() const { return offsets_.size(); }

 private:
  void lay_out(const std::vector<NamedTensor>& parameters);
  void become_views(std::vector<NamedTensor>& parameters) const;

  at::Tensor values_, gradients_;
  std::vector<std::int64_t> offsets_;
};

}  // namespace parlando::train
