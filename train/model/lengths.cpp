#include "train/model/lengths.h"

namespace parlando::train {

at::Tensor step_mask(const Lengths& lengths, const at::Tensor& like, std::int64_t time_dimension) {
  const std::int64_t steps = like.size(time_dimension);
  const at::Tensor ends = torch::tensor(lengths, at::kLong).unsqueeze(1);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(like.dim()), 1);
  shape.front() = like.size(0);
  shape[static_cast<std::size_t>(time_dimension)] = steps;
  return (at::arange(steps, at::kLong).unsqueeze(0) < ends)
      .view(shape)
      .to(like.device(), like.scalar_type());
}

at::Tensor zero_padding(const at::Tensor& values, const Lengths& lengths,
                        std::int64_t time_dimension) {
  if (lengths.empty()) return values;
  return values * step_mask(lengths, values, time_dimension);
}

Lengths shorten(const Lengths& lengths, std::int64_t lost, std::int64_t stride) {
  Lengths result;
  for (const std::int64_t length : lengths) result.push_back((length - lost) / stride);
  return result;
}

}  // namespace parlando::train
