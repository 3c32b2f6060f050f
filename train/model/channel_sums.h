#pragma once

#include <vector>

#include "train/torch.h"

namespace parlando::train {

/// For rows a, b [..., channels], contiguous: sum of a, then sum of a * b, each [channels], in
/// float64 and in an order that does not depend on the number of threads.
std::vector<double> channel_sums(const at::Tensor& a, const at::Tensor& b);

/// rows * scale + shift with float64 `scale`, `shift` [channels]; differentiable in nothing.
at::Tensor scale_and_shift(const at::Tensor& rows, const at::Tensor& scale,
                           const at::Tensor& shift);

/// a * x + b * y + c with float64 coefficients [channels].
at::Tensor combine(const at::Tensor& x, const at::Tensor& y, const at::Tensor& a,
                   const at::Tensor& b, const at::Tensor& c);

}  // namespace parlando::train
