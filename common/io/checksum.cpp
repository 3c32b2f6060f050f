#include "common/io/checksum.h"

#include <array>
#include <cstring>
#include <fstream>
#include <vector>

#include <xxhash.h>

#include "common/core/error.h"

namespace parlando {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

}  // namespace

void Hasher::Free::operator()(XXH3_state_s* state) const {
  XXH3_freeState(state);
}

Hasher::Hasher() : state_(XXH3_createState()) {
  XXH3_128bits_reset(state_.get());
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::span<const std::byte> bytes) {
  XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

void Hasher::update(std::string_view text) {
  update(std::as_bytes(std::span(text.data(), text.size())));
}

void Hasher::update_field(std::string_view text) {
  update(fmt::format("{}:", text.size()));
  update(text);
}

std::string Hasher::hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::uint64_t Hasher::number() const {
  return XXH3_128bits_digest(state_.get()).high64;
}

std::string hash_text(std::string_view text) {
  Hasher hasher;
  hasher.update(text);
  return hasher.hex();
}

std::string hash_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(ErrorKind::artefact, "{}: cannot open: {}", path.string(), std::strerror(errno));
  Hasher hasher;
  std::vector<char> buffer(kReadBytes);
  while (file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hasher.update(std::string_view(buffer.data(), static_cast<std::size_t>(file.gcount())));
  }
  if (file.bad())
    fail(ErrorKind::artefact, "{}: cannot read: {}", path.string(), std::strerror(errno));
  return hasher.hex();
}

}  // namespace parlando
