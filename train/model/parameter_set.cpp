#include "train/model/parameter_set.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::train {

ParameterSet::ParameterSet(const NetworkPlan& plan, const TensorSource& source) {
  for (const ParameterPlan& parameter : plan.parameters) {
    at::Tensor tensor = source(parameter);
    tensor.set_requires_grad(parameter.trained);
    (parameter.trained ? trained_ : buffers_).push_back({parameter.name, tensor});
    if (parameter.l2 > 0) l2_.emplace_back(parameter.name, parameter.l2);
  }
}

const at::Tensor& ParameterSet::at(const std::string& name) const {
  for (const std::vector<NamedTensor>* group : {&trained_, &buffers_}) {
    const auto found = std::ranges::find(*group, name, &NamedTensor::name);
    if (found != group->end()) return found->tensor;
  }
  fail(ErrorKind::internal, "the network has no tensor '{}'", name);
}

std::vector<WeightPenalty> ParameterSet::penalties() const {
  std::vector<WeightPenalty> list;
  for (const auto& [name, factor] : l2_) {
    const auto found = std::ranges::find(trained_, name, &NamedTensor::name);
    if (found != trained_.end()) list.push_back({found->tensor, factor});
  }
  return list;
}

void ParameterSet::freeze(const std::vector<std::string>& prefixes) {
  for (const std::string& prefix : prefixes) {
    const auto frozen = std::ranges::stable_partition(
        trained_, [&](const NamedTensor& entry) { return !entry.name.starts_with(prefix); });
    if (frozen.empty()) {
      std::vector<std::string> names;
      for (const NamedTensor& entry : trained_) names.push_back(entry.name);
      fail(ErrorKind::usage, "no trained tensor begins with '{}'; the network has {}", prefix,
           join_text(names, ", "));
    }
    for (NamedTensor& entry : frozen) {
      entry.tensor.set_requires_grad(false);
      buffers_.push_back(entry);
    }
    trained_.erase(frozen.begin(), frozen.end());
  }
  if (trained_.empty()) fail(ErrorKind::usage, "every part is frozen; nothing is left to train");
}

void ParameterSet::to(at::ScalarType type, at::Device device) {
  for (std::vector<NamedTensor>* group : {&trained_, &buffers_}) {
    for (NamedTensor& entry : *group) entry.tensor.set_data(entry.tensor.detach().to(device, type));
  }
}

}  // namespace parlando::train
