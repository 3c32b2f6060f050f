#include "train/optim/flat_parameters.h"

#include "common/core/error.h"

namespace parlando::train {

FlatParameters::FlatParameters(std::vector<NamedTensor>& parameters) {
  lay_out(parameters);
  values_ = at::empty_like(gradients_);
  const at::NoGradGuard guard;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const at::Tensor& tensor = parameters[i].tensor;
    values_.narrow(0, offsets_[i], tensor.numel()).copy_(tensor.flatten());
  }
  become_views(parameters);
}

FlatParameters::FlatParameters(std::vector<NamedTensor>& parameters, const at::Tensor& values) {
  lay_out(parameters);
  if (values.sizes() != gradients_.sizes() || values.scalar_type() != gradients_.scalar_type())
    fail(ErrorKind::internal, "the parameters of two networks do not fit together");
  values_ = values;
  become_views(parameters);
}

void FlatParameters::lay_out(const std::vector<NamedTensor>& parameters) {
  if (parameters.empty()) fail(ErrorKind::internal, "a model without parameters");
  std::int64_t total = 0;
  for (const NamedTensor& parameter : parameters) {
    offsets_.push_back(total);
    total += parameter.tensor.numel();
  }
  gradients_ = at::zeros({total}, parameters.front().tensor.options().requires_grad(false));
}

void FlatParameters::become_views(std::vector<NamedTensor>& parameters) const {
  const at::NoGradGuard guard;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    at::Tensor& tensor = parameters[i].tensor;
    const std::int64_t count = tensor.numel();
    tensor.set_data(values_.narrow(0, offsets_[i], count).view(tensor.sizes()));
    tensor.mutable_grad() = gradients_.narrow(0, offsets_[i], count).view(tensor.sizes());
  }
}

}  // namespace parlando::train
