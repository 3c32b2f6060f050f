#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace parlando {

/// Reads a regular file through one buffer, so that a reader which jumps about in small steps costs
/// few system calls. One thread at a time.
class BufferedFile {
 public:
  /// Throws Error(data) naming the path: no such file, not a regular file, can't be opened.
  /// `window` is how many bytes are read at once.
  BufferedFile(const std::filesystem::path& path, std::size_t window);
  ~BufferedFile();
  BufferedFile(const BufferedFile&) = delete;
  BufferedFile& operator=(const BufferedFile&) = delete;

  std::int64_t size() const { return size_; }  ///< bytes
  std::int64_t position() const { return position_; }
  /// Any position is allowed; there is nothing to read outside the file.
  void seek(std::int64_t position) { position_ = position; }

  /// Reads from the position on and moves it. Returns the bytes got: fewer than asked at the end of
  /// the file, or where the file can't be read, see error().
  std::size_t read(std::span<std::byte> out);

  /// Why the last read stopped short, in the system's words; empty at a mere end of the file.
  const std::string& error() const { return error_; }

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
