#pragma once

#include <cstdint>
#include <string_view>

namespace parlando {

/// CRC-32C (Castagnoli), reflected, as in RFC 3720: "123456789" gives 0xE3069283.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace parlando
