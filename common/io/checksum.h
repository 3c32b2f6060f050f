#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct XXH3_state_s;

namespace parlando {

/// XXH3-128 as 32 hexadecimal digits: finds accidental damage and change, not forgery.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// Text with its length before it, so that ("ab", "c") differs from ("a", "bc").
  void update_field(std::string_view text);
  std::string hex() const;
  /// The first half of hex() as a number.
  std::uint64_t number() const;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const;
  };
  std::unique_ptr<XXH3_state_s, Free> state_;
};

std::string hash_text(std::string_view text);

/// Hash of a file's bytes. Throws Error(artefact) if it can't be read.
std::string hash_file(const std::filesystem::path& path);

}  // namespace parlando
