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

/// Who holds a lock, as the lock's file tells it: "node7 4711 slurm-13 0", of no job without the
/// last two.
struct Holder {
  std::string host;
  pid_t process = 0;
  std::string job;
  std::int64_t restart = 0;

  /// Its process is known to have ended.
  bool died() const {
    return host == host_name() && process > 0 && kill(process, 0) != 0 && errno == ESRCH;
  }
  /// Its scheduler has started its job again since.
  bool was_given_up(const LockOptions& later) const {
    return !job.empty() && job == later.job && restart < later.restart;
  }
};

Holder read_holder(const std::filesystem::path& path) {
  std::ifstream file(path);
  Holder holder;
  file >> holder.host >> holder.process >> holder.job >> holder.restart;
  return holder;
}

std::string own_line(const LockOptions& options) {
  const std::string job =
      options.job.empty() ? "" : fmt::format(" {} {}", options.job, options.restart);
  return fmt::format("{} {}{}\n", host_name(), getpid(), job);
}

bool write_line(int fd, const std::string& text) {
  return write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
}

/// The holder of an exclusive lock names itself in it; several shared ones do not.
void name_holder(int fd, const LockOptions& options) {
  const bool emptied = ftruncate(fd, 0) == 0;
  if (emptied && !options.shared) write_line(fd, own_line(options));
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

std::string take_owner_file(const std::filesystem::path& path, const LockOptions& options) {
  for (;;) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd >= 0) {
      const bool written = write_line(fd, own_line(options));
      close(fd);
      if (!written) fail(ErrorKind::artefact, "{}: cannot write", path.string());
      return "";
    }
    if (errno != EEXIST) {
      fail(ErrorKind::artefact, "{}: cannot create: {}", path.string(), std::strerror(errno));
    }
    const Holder holder = read_holder(path);
    if (!holder.died() && !holder.was_given_up(options)) {
      return fmt::format("process {} on {}; if it is gone, delete {}", holder.process, holder.host,
                         path.string());
    }
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
}

FolderLock::FolderLock(const std::filesystem::path& folder, const LockOptions& options) {
  make_folder(folder);
  const std::filesystem::path path = folder / options.file;
  exclusive_ = !options.shared;
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
  if (status == 0) {
    name_holder(fd_, options);
    return;
  }
  const int error = errno;
  close(fd_);
  fd_ = -1;
  if (error == EWOULDBLOCK && read_holder(path).was_given_up(options)) return;
  if (error == EWOULDBLOCK) fail_held(folder, "");
  if (!unsupported(error)) {
    fail(ErrorKind::artefact, "{}: {}", folder.string(), std::strerror(error));
  }
  if (options.shared) return;
  owner_ = path;
  owner_ += ".owner";
  std::string holder = take_owner_file(owner_, options);
  while (!holder.empty() && options.wait) {
    std::this_thread::sleep_for(kPoll);
    holder = take_owner_file(owner_, options);
  }
  if (holder.empty()) return;
  owner_.clear();
  fail_held(folder, holder);
}

FolderLock::~FolderLock() {
  // No name stays behind, from which a later start of this job would take it for its own. A program
  // that has inherited the lock goes on holding it, without a name.
  if (fd_ >= 0) {
    [[maybe_unused]] const int emptied = exclusive_ ? ftruncate(fd_, 0) : 0;
    close(fd_);
  }
  if (owner_.empty()) return;
  const Holder holder = read_holder(owner_);
  const bool own = holder.host == host_name() && holder.process == getpid();
  // Not that of a process which has taken over.
  std::error_code ignored;
  if (own) std::filesystem::remove(owner_, ignored);
}

}  // namespace parlando
