#include "common/io/buffered_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/error.h"

namespace parlando {
namespace {

[[noreturn]] void defect(const std::filesystem::path& path, int error) {
  if (error == ENOENT || error == ENOTDIR) fail(ErrorKind::data, "{}: no such file", path.string());
  fail(ErrorKind::data, "{}: can't be opened: {}", path.string(), std::strerror(error));
}

}  // namespace

BufferedFile::BufferedFile(const std::filesystem::path& path, std::size_t window)
    // O_NONBLOCK: a pipe must not hold us up before it is refused.
    : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), window_(window) {
  if (fd_ < 0) defect(path, errno);
  struct stat status {};
  const int failed = fstat(fd_, &status) == 0 ? 0 : errno;
  if (failed != 0 || !S_ISREG(status.st_mode)) {
    close(fd_);
    if (failed != 0) defect(path, failed);
    fail(ErrorKind::data, "{}: not a regular file", path.string());
  }
  size_ = status.st_size;
  window_ = static_cast<std::size_t>(
      std::clamp<std::int64_t>(size_, 1, static_cast<std::int64_t>(window)));
  buffer_ = std::make_unique_for_overwrite<std::byte[]>(window_);
}

BufferedFile::~BufferedFile() {
  close(fd_);
}

bool BufferedFile::fill() {
  ssize_t got = 0;
  do {
    got = pread(fd_, buffer_.get(), window_, position_);
  } while (got < 0 && errno == EINTR);
  if (got < 0) error_ = std::strerror(errno);
  first_ = position_;
  filled_ = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  return filled_ > 0;
}

std::size_t BufferedFile::read(std::span<std::byte> out) {
  std::size_t done = 0;
  error_.clear();
  while (done < out.size() && position_ >= 0 && position_ < size_) {
    const bool inside =
        position_ >= first_ && position_ < first_ + static_cast<std::int64_t>(filled_);
    if (!inside && !fill()) break;
    const auto at = static_cast<std::size_t>(position_ - first_);
    const std::size_t count = std::min(out.size() - done, filled_ - at);
    std::memcpy(out.data() + done, buffer_.get() + at, count);
    done += count;
    position_ += static_cast<std::int64_t>(count);
  }
  return done;
}

}  // namespace parlando
