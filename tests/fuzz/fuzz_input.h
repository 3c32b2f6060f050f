#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace parlando::fuzz {

/// A folder in memory where the system has such (/dev/shm), else among the temporary files. It is
/// removed when the fuzzer ends without a finding.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Writes a file without making it durable.
void write_input(const std::filesystem::path& path, std::string_view bytes);

inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Runs `body`, which may refuse its input with an Error of any kind but `internal`. Anything else
/// that it throws ends the fuzzer as a finding.
void may_refuse(const std::function<void()>& body);

/// Ends the fuzzer with a finding if `holds` is false.
void require(bool holds, const char* what);

/// Takes numbers and texts off the front of an input, for targets that build a valid structure
/// around hostile values. An exhausted input gives zeros.
class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint8_t byte();
  std::int64_t integer();
  /// Up to `longest` bytes, as many as the next byte says.
  std::string text(std::size_t longest);
  std::span<const std::uint8_t> rest() const { return bytes_; }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace parlando::fuzz
