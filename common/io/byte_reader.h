#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace parlando {

/// Bytes of known number that are read from any position on. One thread at a time.
class ByteReader {
 public:
  virtual ~ByteReader() = default;

  virtual std::int64_t size() const = 0;  ///< bytes
  virtual std::int64_t position() const = 0;
  /// Any position is allowed; there is nothing to read outside.
  virtual void seek(std::int64_t position) = 0;

  /// Reads from the position on and moves it. Returns the bytes got: fewer than asked at the end,
  /// or where they can't be read, see error().
  virtual std::size_t read(std::span<std::byte> out) = 0;

  /// Why the last read stopped short, in the system's words; empty at a mere end.
  virtual const std::string& error() const = 0;
};

/// Bytes in memory, which must outlive the object.
class MemoryReader : public ByteReader {
 public:
  explicit MemoryReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }
  std::int64_t position() const override { return position_; }
  void seek(std::int64_t position) override { position_ = position; }
  std::size_t read(std::span<std::byte> out) override;
  const std::string& error() const override { return error_; }

 private:
  std::span<const std::byte> bytes_;
  std::int64_t position_ = 0;
  std::string error_;  ///< stays empty
};

}  // namespace parlando
