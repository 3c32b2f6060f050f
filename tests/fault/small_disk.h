#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace parlando::test {

/// A memory disk of a given size mounted on a folder, for the life of the object.
class SmallDisk {
 public:
  SmallDisk(const std::filesystem::path& folder, std::size_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  /// Why there is no such disk (mounting needs root); "" if there is.
  const std::string& unavailable() const { return unavailable_; }

  /// Changes the size of the disk, as if somebody made room.
  bool resize(std::size_t bytes);
  /// Allows or forbids writing.
  bool set_read_only(bool read_only);

 private:
  bool mount_again(unsigned long flags);

  std::filesystem::path folder_;
  std::size_t bytes_;
  std::string unavailable_;
};

}  // namespace parlando::test
