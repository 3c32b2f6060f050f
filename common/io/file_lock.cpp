#include "common/io/file_lock.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/io/atomic_file.h"

namespace parlando {

FolderLock::FolderLock(const std::filesystem::path& folder) : fd_(-1) {
  make_folder(folder);
  const std::filesystem::path path = folder / ".lock";
  fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0)
    fail(ErrorKind::artefact, "{}: cannot create: {}", path.string(), std::strerror(errno));
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    close(fd_);
    fail(ErrorKind::artefact, "{}: {}", folder.string(),
         error == EWOULDBLOCK
             ? "another process is writing here; wait for it or choose another folder"
             : std::strerror(error));
  }
}

FolderLock::~FolderLock() {
  close(fd_);
}

}  // namespace parlando
