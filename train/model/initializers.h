#pragma once

#include <cstdint>
#include <string>

#include "train/network/network_plan.h"
#include "train/torch.h"

namespace parlando::train {

/// The start of a parameter, float32, drawn from the stream (seed, name) so that it depends on the
/// parameter's name and not on what was drawn before.
at::Tensor start_of(const ParameterPlan& parameter, std::uint64_t seed);

}  // namespace parlando::train
