#include "common/io/file_lock.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/core/this_process.h"
#include "common/io/atomic_file.h"

namespace parlando {
namespace {

constexpr std::chrono::milliseconds kPoll{100};

/// What this process writes into an owner's file.
std::string own_line() {
  return fmt::format("{} {}\n", host_name(), getpid());
}

bool unsupported(int error) {
  return error == ENOLCK || error == ENOSYS || error == EOPNOTSUPP || error == EINVAL;
}

[[noreturn]] void fail_held(const std::filesystem::path& folder, const std::string& holder) {
  throw FolderHeld(
      ErrorKind::artefact,
      fmt::format("{}: another process is writing here{}; wait for it or choose another folder",
                  folder.string(), holder.empty() ? "" : " (" + holder + ")"));
}

}  // namespace

std::string take_owner_file(const std::filesystem::path& path, bool take_over) {
  for (;;) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd >= 0) {
      const std::string text = own_line();
      const bool written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
      close(fd);
      if (!written) fail(ErrorKind::artefact, "{}: cannot write", path.string());
      return "";
    }
    if (errno != EEXIST) {
      fail(ErrorKind::artefact, "{}: cannot create: {}", path.string(), std::strerror(errno));
    }
    std::ifstream file(path);
    std::string host;
    pid_t process = 0;
    file >> host >> process;
    const bool died = host == host_name() && process > 0 && kill(process, 0) != 0 && errno == ESRCH;
    if (!died && !take_over) {
      return fmt::format("process {} on {}; if it is gone, delete {}", process, host,
                         path.string());
    }
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
}

FolderLock::FolderLock(const std::filesystem::path& folder, const LockOptions& options) {
  make_folder(folder);
  const std::filesystem::path path = folder / options.file;
  fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) {
    if (options.lax && errno == EROFS) return;
    fail(ErrorKind::artefact, "{}: cannot create: {}", path.string(), std::strerror(errno));
  }
  const int operation = (options.shared ? LOCK_SH : LOCK_EX) | (options.wait ? 0 : LOCK_NB);
  int status = 0;
  do {
    status = flock(fd_, operation);
  } while (status != 0 && errno == EINTR);
  if (status == 0) return;
  const int error = errno;
  close(fd_);
  if (error == EWOULDBLOCK && options.take_over) {
    fd_ = -1;
    return;
  }
  if (error == EWOULDBLOCK) fail_held(folder, "");
  if (!unsupported(error)) {
    fail(ErrorKind::artefact, "{}: {}", folder.string(), std::strerror(error));
  }
  fd_ = -1;
  if (options.shared) return;
  owner_ = path;
  owner_ += ".owner";
  std::string holder = take_owner_file(owner_, options.take_over);
  while (!holder.empty() && options.wait) {
    std::this_thread::sleep_for(kPoll);
    holder = take_owner_file(owner_);
  }
  if (!holder.empty()) fail_held(folder, holder);
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) close(fd_);
  if (owner_.empty()) return;
  std::string line;
  std::getline(std::ifstream(owner_), line);
  // Not that of a process which has taken over.
  std::error_code ignored;
  if (line + "\n" == own_line()) std::filesystem::remove(owner_, ignored);
}

}  // namespace parlando
