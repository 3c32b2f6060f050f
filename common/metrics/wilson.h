#pragma once

#include "common/metrics/bootstrap.h"

namespace parlando::metrics {

/// Share of `hits` among `n` samples with its 95 % score interval, taking samples as independent
/// (Wilson, JASA 22:158, 1927); useful where a group is too small for the bootstrap. n > 0,
/// and need not be whole, for instance the clips of a run on average.
Figure wilson_interval(double hits, double n);

}  // namespace parlando::metrics
