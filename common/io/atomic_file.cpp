#include "common/io/atomic_file.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/core/this_process.h"

namespace parlando {
namespace {

constexpr std::chrono::hours kLongestWrite{6};

class FileDescriptor {
 public:
  /// Errors name `path`, which a temporary file stands for.
  FileDescriptor(const std::filesystem::path& file, int flags, const std::filesystem::path& path)
      : path_(path), fd_(open(file.c_str(), flags, 0644)) {
    if (fd_ < 0) {
      fail(ErrorKind::artefact, "{}: cannot open for writing: {}; check permissions and free space",
           path.string(), std::strerror(errno));
    }
  }
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  void write_all(std::string_view content) {
    while (!content.empty()) {
      const ssize_t written = write(fd_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        fail(ErrorKind::artefact, "{}: cannot write: {}; free some space and run the command again",
             path_.string(), std::strerror(errno));
      }
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void sync() {
    // Pipes and some network folders refuse fsync with EINVAL; there is nothing to make durable
    // then.
    if (fsync(fd_) != 0 && errno != EINVAL) {
      fail(ErrorKind::artefact, "{}: cannot flush to disk: {}", path_.string(),
           std::strerror(errno));
    }
  }

 private:
  std::filesystem::path path_;
  int fd_;
};

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

void make_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    fail(ErrorKind::artefact, "{}: cannot create folder: {}", path.string(), error.message());
}

std::filesystem::path temporary_name(const std::filesystem::path& path) {
  std::filesystem::path name = path;
  name += fmt::format("{}{}-{}", kTemporaryMark, host_name(), getpid());
  return name;
}

bool is_abandoned_temporary(const std::filesystem::path& path) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(path, error);
  if (error) return false;  // gone by now
  if (std::filesystem::file_time_type::clock::now() - written > kLongestWrite) return true;
  const std::string name = path.filename().string();
  const std::string owner = name.substr(name.rfind(kTemporaryMark) + kTemporaryMark.size());
  const std::size_t dash = owner.rfind('-');
  if (dash == std::string::npos || owner.substr(0, dash) != host_name()) return false;
  pid_t process = 0;
  const char* const end = owner.data() + owner.size();
  const auto number = std::from_chars(owner.data() + dash + 1, end, process);
  if (number.ec != std::errc() || number.ptr != end || process <= 0) return false;
  return process == getpid() || (kill(process, 0) != 0 && errno == ESRCH);
}

void sync_path(const std::filesystem::path& path) {
  FileDescriptor(path, O_RDONLY, path).sync();
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error)
    fail(ErrorKind::artefact, "{}: cannot rename to {}: {}", from.string(), to.string(),
         error.message());
  sync_path(folder_of(to));
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content) {
  make_folder(folder_of(path));
  const std::filesystem::path temporary = temporary_name(path);
  try {
    FileDescriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC, path);
    file.write_all(content);
    file.sync();
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
  rename_durably(temporary, path);
}

void append_text(const std::filesystem::path& path, std::string_view text) {
  make_folder(folder_of(path));
  FileDescriptor file(path, O_WRONLY | O_CREAT | O_APPEND, path);
  file.write_all(text);
  file.sync();
}

void append_line(const std::filesystem::path& path, std::string_view line) {
  append_text(path, std::string(line) + "\n");
}

std::string read_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))  // opens, and throws when it is read
    fail(ErrorKind::artefact, "{}: cannot read: it is a folder", path.string());
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(ErrorKind::artefact, "{}: cannot open: {}", path.string(), std::strerror(errno));
  std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad())
    fail(ErrorKind::artefact, "{}: cannot read: {}", path.string(), std::strerror(errno));
  return content;
}

void require_other_file(const std::filesystem::path& out, const std::filesystem::path& source) {
  std::error_code ignored;
  if (std::filesystem::equivalent(out, source, ignored)) {
    fail(ErrorKind::usage, "--out {}: it would replace {}, which is read; give another name",
         out.string(), source.string());
  }
}

}  // namespace parlando
