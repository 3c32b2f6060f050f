#pragma once

#include <string>
#include <string_view>

namespace parlando::report {

/// Bytes as base64 (RFC 4648) without line breaks, for data: addresses.
std::string base64(std::string_view bytes);

}  // namespace parlando::report
