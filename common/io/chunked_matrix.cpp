#include "common/io/chunked_matrix.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "common/core/error.h"

namespace parlando {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kSumBytes = sizeof(std::uint32_t);
/// Words that are added before the sums must be folded, or they would not fit 32 bits.
constexpr std::size_t kWordsPerFold = 360;

std::uint32_t fold(std::uint32_t sum) {
  return (sum & 0xFFFFU) + (sum >> 16U);
}

}  // namespace

std::uint32_t fletcher32(std::span<const std::byte> bytes) {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  std::size_t words = bytes.size() / 2;
  const std::byte* at = bytes.data();
  while (words > 0) {
    const std::size_t count = std::min(words, kWordsPerFold);
    words -= count;
    for (std::size_t i = 0; i < count; ++i, at += 2) {
      low += std::to_integer<std::uint32_t>(at[0]) << 8U | std::to_integer<std::uint32_t>(at[1]);
      high += low;
    }
    low = fold(low);
    high = fold(high);
  }
  return fold(high) << 16U | fold(low);
}

ChunkedMatrix::ChunkedMatrix(const std::filesystem::path& path, ChunkMap map)
    : path_(path), map_(std::move(map)), fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (fd_ < 0) {
    fail(ErrorKind::artefact, "{}: cannot open: {}", path.string(), std::strerror(errno));
  }
}

ChunkedMatrix::~ChunkedMatrix() {
  if (fd_ >= 0) close(fd_);
}

ChunkedMatrix::ChunkedMatrix(ChunkedMatrix&& other) noexcept
    : path_(std::move(other.path_)),
      map_(std::move(other.map_)),
      fd_(std::exchange(other.fd_, -1)) {}

void ChunkedMatrix::read_chunk(std::size_t index, std::span<std::byte> out) const {
  std::size_t have = 0;
  while (have < out.size()) {
    const ssize_t got = pread(fd_, out.data() + have, out.size() - have,
                              static_cast<off_t>(map_.offsets[index] + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      fail(ErrorKind::artefact, "{}: cannot read: {}", path_.string(),
           got < 0 ? std::strerror(errno) : "the file is cut short");
    }
    have += static_cast<std::size_t>(got);
  }
  std::uint32_t stored = 0;
  std::memcpy(&stored, out.data() + out.size() - kSumBytes, kSumBytes);
  if (fletcher32(out.first(out.size() - kSumBytes)) != stored) {
    fail(ErrorKind::artefact, "{}: data error: the fletcher32 sum of chunk {} is wrong",
         path_.string(), index);
  }
}

void ChunkedMatrix::read_rows(std::size_t first, std::span<float> out) const {
  const std::size_t count = map_.columns == 0 ? 0 : out.size() / map_.columns;
  if (count == 0) return;
  if (count * map_.columns != out.size() || first + count > map_.rows) {
    fail(ErrorKind::internal, "{}: rows {} to {} asked of {}", path_.string(), first, first + count,
         map_.rows);
  }
  const std::size_t row_bytes = map_.columns * sizeof(float);
  std::vector<std::byte> chunk(map_.chunk_rows * row_bytes + kSumBytes);
  for (std::size_t row = first; row < first + count;) {
    const std::size_t index = row / map_.chunk_rows;
    const std::size_t skip = row - index * map_.chunk_rows;
    const std::size_t take = std::min(map_.chunk_rows - skip, first + count - row);
    read_chunk(index, chunk);
    std::memcpy(out.data() + (row - first) * map_.columns, chunk.data() + skip * row_bytes,
                take * row_bytes);
    row += take;
  }
}

}  // namespace parlando
