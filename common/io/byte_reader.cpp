#include "common/io/byte_reader.h"

#include <algorithm>

namespace parlando {

std::size_t MemoryReader::read(std::span<std::byte> out) {
  if (position_ < 0 || position_ >= size()) return 0;
  const std::span<const std::byte> rest = bytes_.subspan(static_cast<std::size_t>(position_));
  const std::size_t count = std::min(out.size(), rest.size());
  std::ranges::copy(rest.first(count), out.begin());
  position_ += static_cast<std::int64_t>(count);
  return count;
}

}  // namespace parlando
