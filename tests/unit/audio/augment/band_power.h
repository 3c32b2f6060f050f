#pragma once

#include <cstdint>
#include <span>

namespace parlando::test {

/// Mean power of a signal's spectrum from `low` to `high` Hz, in dB of any reference.
double band_db(std::span<const float> signal, std::int64_t sample_rate, double low, double high);

}  // namespace parlando::test
