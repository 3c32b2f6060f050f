#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "common/io/byte_reader.h"

namespace parlando {

/// Reads a regular file through one buffer, so that a reader which jumps about in small steps costs
/// few system calls. One thread at a time.
class BufferedFile : public ByteReader {
 public:
  /// Throws Error(data) naming the path: no such file, not a regular file, can't be opened.
  /// `window` is how many bytes are read at once.
  BufferedFile(const std::filesystem::path& path, std::size_t window);
  ~BufferedFile() override;
  BufferedFile(const BufferedFile&) = delete;
  BufferedFile& operator=(const BufferedFile&) = delete;

  std::int64_t size() const override { return size_; }
  std::int64_t position() const override { return position_; }
  void seek(std::int64_t position) override { position_ = position; }
  std::size_t read(std::span<std::byte> out) override;
  const std::string& error() const override { return error_; }

 private:
  /// Moves the window to the position. Returns false where there is nothing to read.
  bool fill();

  int fd_;
  std::size_t window_;
  std::unique_ptr<std::byte[]> buffer_;
  std::int64_t size_ = 0;
  std::int64_t position_ = 0;
  std::int64_t first_ = 0;  ///< position of the buffer's first byte
  std::size_t filled_ = 0;
  std::string error_;
};

}  // namespace parlando
