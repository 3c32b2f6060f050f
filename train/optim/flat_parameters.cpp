#include "train/optim/flat_parameters.h"

#include "common/core/error.h"

namespace parlando::train {

FlatParameters::FlatParameters(std::vector<NamedTensor>& parameters) {
  if (parameters.empty()) fail(ErrorKind::internal, "a model without parameters");
  std::int64_t total = 0;
  for (const NamedTensor& parameter : parameters) {
    offsets_.push_back(total);
    total += parameter.tensor.numel();
  }
  const auto options = parameters.front().tensor.options().requires_grad(false);
  values_ = at::empty({total}, options);
  gradients_ = at::zeros({total}, options);
  const at::NoGradGuard guard;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    at::Tensor& tensor = parameters[i].tensor;
    const at::Tensor view = values_.narrow(0, offsets_[i], tensor.numel()).view(tensor.sizes());
    view.copy_(tensor);
    tensor.set_data(view);
    tensor.mutable_grad() = gradients_.narrow(0, offsets_[i], tensor.numel()).view(tensor.sizes());
  }
}

}  // namespace parlando::train
