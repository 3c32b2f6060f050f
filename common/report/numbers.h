#pragma once

#include <cstdint>
#include <string>

namespace parlando::report {

/// A share as per cent with one decimal and without the sign: .7972 is "79.7"; "-" if not finite.
std::string percent(double share);

/// Thousands apart by a narrow space: 626904 is "626 904".
std::string grouped(std::int64_t value);

/// Up to four significant digits, no trailing zeros: "0.001", "1.25e-05"; "-" if not finite.
std::string compact(double value);

/// "3 min 20 s", "1 h 04 min", "12 s".
std::string readable_duration(double seconds);

/// "1 clip", "12 clips".
std::string counted(std::int64_t n, const std::string& singular, const std::string& plural);

}  // namespace parlando::report
