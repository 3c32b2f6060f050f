#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "common/io/hdf5.h"

namespace parlando {

/// The sum that HDF5's fletcher32 filter stores behind a chunk. `bytes` is even.
std::uint32_t fletcher32(std::span<const std::byte> bytes);

/// Reads rows of a matrix by pread on the chunks' places, verifying each chunk's sum: any number of
/// threads at once, without the HDF5 library and its lock, and with no memory but the caller's and
/// one chunk a call. The operating system keeps what was read as far as there is memory, so that
/// data larger than it is streamed. Thread-safe. Throws Error(artefact) naming the file if it can't
/// be read or a sum is wrong.
class ChunkedMatrix {
 public:
  ChunkedMatrix(const std::filesystem::path& path, ChunkMap map);
  ~ChunkedMatrix();
  ChunkedMatrix(ChunkedMatrix&& other) noexcept;
  ChunkedMatrix& operator=(ChunkedMatrix&&) = delete;

  std::size_t rows() const { return map_.rows; }
  std::size_t columns() const { return map_.columns; }

  /// Rows [first, first + n) into `out`, whose size is n * columns.
  void read_rows(std::size_t first, std::span<float> out) const;

 private:
  void read_chunk(std::size_t index, std::span<std::byte> out) const;

  std::filesystem::path path_;
  ChunkMap map_;
  int fd_ = -1;
};

}  // namespace parlando
