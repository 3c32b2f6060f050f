#pragma once

#include <cstdint>
#include <string>

#include "train/torch.h"

namespace parlando::train {

/// Keras' initialisers, drawn from the stream (seed, name) so that a parameter's start depends on
/// its name and not on what was drawn before.

/// Uniform on +-sqrt(6 / (fan_in + fan_out)).
at::Tensor glorot_uniform(at::IntArrayRef shape, double fan_in, double fan_out, std::uint64_t seed,
                          const std::string& name);

/// Orthogonal [rows, columns] (QR of a normal matrix, signs made unique), as for LSTM's recurrent
/// kernel.
at::Tensor orthogonal(std::int64_t rows, std::int64_t columns, std::uint64_t seed,
                      const std::string& name);

}  // namespace parlando::train
