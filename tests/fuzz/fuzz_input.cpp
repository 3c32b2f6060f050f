#include "tests/fuzz/fuzz_input.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "common/core/error.h"

namespace parlando::fuzz {

ScratchFolder::ScratchFolder() {
  const std::filesystem::path memory = "/dev/shm";
  const std::filesystem::path parent =
      std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  std::string name = (parent / "parlando-fuzz-XXXXXX").string();
  require(mkdtemp(name.data()) != nullptr, "no temporary folder can be made");
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_input(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  require(file.good(), "the input can't be written");
}

void may_refuse(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::internal) throw;
  }
}

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

std::uint8_t Bytes::byte() {
  if (bytes_.empty()) return 0;
  const std::uint8_t value = bytes_.front();
  bytes_ = bytes_.subspan(1);
  return value;
}

std::int64_t Bytes::integer() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 8) value |= static_cast<std::uint64_t>(byte()) << shift;
  return static_cast<std::int64_t>(value);
}

std::string Bytes::text(std::size_t longest) {
  const std::size_t length = byte() % (longest + 1);
  std::string value;
  for (std::size_t i = 0; i < length; ++i) value += static_cast<char>(byte());
  return value;
}

}  // namespace parlando::fuzz
