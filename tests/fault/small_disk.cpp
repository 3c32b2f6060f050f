#include "tests/fault/small_disk.h"

#include <cerrno>
#include <cstring>

#include <sys/mount.h>

namespace parlando::test {

SmallDisk::SmallDisk(const std::filesystem::path& folder, std::size_t bytes)
    : folder_(folder), bytes_(bytes) {
  std::filesystem::create_directories(folder);
  if (!mount_again(0)) {
    unavailable_ = std::string("a memory disk can't be mounted here: ") + std::strerror(errno);
  }
}

SmallDisk::~SmallDisk() {
  if (unavailable_.empty()) umount2(folder_.c_str(), MNT_DETACH);
}

bool SmallDisk::resize(std::size_t bytes) {
  bytes_ = bytes;
  return mount_again(MS_REMOUNT);
}

bool SmallDisk::set_read_only(bool read_only) {
  const unsigned long access = read_only ? static_cast<unsigned long>(MS_RDONLY) : 0;
  return mount_again(MS_REMOUNT | access);
}

bool SmallDisk::mount_again(unsigned long flags) {
  const std::string size = "size=" + std::to_string(bytes_);
  return mount("tmpfs", folder_.c_str(), "tmpfs", flags, size.c_str()) == 0;
}

}  // namespace parlando::test
