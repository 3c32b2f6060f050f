#pragma once

#include <cstdint>

#include "common/metrics/bootstrap.h"

namespace parlando::metrics {

/// Share of `hits` among `n` samples with its 95 % score interval, taking samples as independent
/// (Wilson, JASA 22:158, 1927); useful where a group is too small for the bootstrap. n > 0.
Figure wilson_interval(double hits, std::int64_t n);

}  // namespace parlando::metrics
