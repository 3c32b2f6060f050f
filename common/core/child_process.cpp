#include "common/core/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/core/child_words.h"
#include "common/core/error.h"

namespace parlando {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0)
      fail(ErrorKind::internal, "cannot make a pipe: {}", std::strerror(errno));
  }
  ~Pipe() {
    close_writer();
    close(ends_[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_writer() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

pid_t start(std::vector<std::string> command, const ChildOptions& options, int output, int errors) {
  std::vector<std::string> environment = environment_with(options.environment);
  const std::vector<char*> arguments = pointers(command), variables = pointers(environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  if (!options.folder.empty())
    posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  pid_t process = 0;
  const int error =
      posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    fail(ErrorKind::usage, "cannot start {}: {}", command.front(), std::strerror(error));
  return process;
}

/// Reads both ends until both are closed; false if the deadline comes before.
bool drain(int output, int errors, std::optional<Clock::time_point> deadline, ChildResult& result) {
  std::array<pollfd, 2> ends{{{output, POLLIN, 0}, {errors, POLLIN, 0}}};
  const std::array<std::string*, 2> texts{&result.output, &result.errors};
  std::array<char, 65536> buffer{};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    int wait = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<milliseconds>(*deadline - Clock::now()).count();
      if (left <= 0) return false;
      wait = static_cast<int>(std::min<std::int64_t>(left, 1000));
    }
    if (poll(ends.data(), ends.size(), wait) <= 0) continue;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].fd < 0 || ends[i].revents == 0) continue;
      const ssize_t got = read(ends[i].fd, buffer.data(), buffer.size());
      if (got > 0) texts[i]->append(buffer.data(), static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR)) ends[i].fd = -1;
    }
  }
  return true;
}

/// Waits for the end of a process that may have closed both ends before, and kills it at the
/// deadline.
int wait_for(pid_t process, std::optional<Clock::time_point> deadline) {
  int status = 0;
  for (;;) {
    const pid_t ended = waitpid(process, &status, deadline ? WNOHANG : 0);
    if (ended == process) break;
    if (ended < 0 && errno != EINTR) fail(ErrorKind::internal, "waitpid: {}", std::strerror(errno));
    if (!deadline) continue;
    if (Clock::now() >= *deadline) kill(process, SIGKILL);
    std::this_thread::sleep_for(milliseconds(2));
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ChildResult run_child(const std::vector<std::string>& command, const ChildOptions& options) {
  Pipe output, errors;
  std::optional<Clock::time_point> deadline;
  if (options.timeout_seconds > 0) {
    deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(options.timeout_seconds));
  }
  const pid_t process = start(command, options, output.writer(), errors.writer());
  output.close_writer();
  errors.close_writer();
  ChildResult result;
  result.pid = process;
  if (!drain(output.reader(), errors.reader(), deadline, result)) kill(process, SIGKILL);
  result.exit_code = wait_for(process, deadline);
  return result;
}

}  // namespace parlando
