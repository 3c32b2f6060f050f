#include "common/core/background_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/core/child_words.h"
#include "common/core/error.h"

namespace parlando {
namespace {

using std::chrono::milliseconds;

/// What the new process does before it becomes the program. Made before the fork, for after it a
/// process of several threads may do little but system calls.
struct Preparation {
  int log = -1;
  int report = -1;  ///< an errno is written here if the program can't be started
  int death_signal = 0;
  pid_t parent = 0;
  bool pinned = false;
  cpu_set_t cores{};
  std::vector<int> keep_open;
  std::vector<char*> words, variables;
};

void become(const Preparation& preparation) {
  const int nothing = open("/dev/null", O_RDONLY);
  bool good = nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
              dup2(preparation.log, STDOUT_FILENO) >= 0 &&
              dup2(preparation.log, STDERR_FILENO) >= 0;
  setpgid(0, 0);
  if (preparation.death_signal != 0) {
    good = good && prctl(PR_SET_PDEATHSIG, preparation.death_signal) == 0;
    if (getppid() != preparation.parent) _exit(128 + preparation.death_signal);
  }
  if (preparation.pinned) {
    good = good && sched_setaffinity(0, sizeof preparation.cores, &preparation.cores) == 0;
  }
  for (const int descriptor : preparation.keep_open)
    good = good && fcntl(descriptor, F_SETFD, 0) == 0;
  if (good)
    execve(preparation.words.front(), preparation.words.data(), preparation.variables.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t told = write(preparation.report, &error, sizeof error);
  _exit(127);
}

int open_log(const std::filesystem::path& log) {
  const char* path = log.empty() ? "/dev/null" : log.c_str();
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) fail(ErrorKind::artefact, "{}: cannot write: {}", path, std::strerror(errno));
  return file;
}

}  // namespace

BackgroundProcess::BackgroundProcess(std::vector<std::string> command,
                                     const BackgroundOptions& options) {
  command.front() = find_program(command.front());
  std::vector<std::string> environment = environment_with(options.environment, options.without);
  Preparation preparation;
  preparation.death_signal = options.death_signal;
  preparation.parent = getpid();
  preparation.keep_open = options.keep_open;
  preparation.words = pointers(command);
  preparation.variables = pointers(environment);
  preparation.pinned = !options.cores.empty();
  CPU_ZERO(&preparation.cores);
  for (const int core : options.cores) CPU_SET(static_cast<std::size_t>(core), &preparation.cores);

  std::array<int, 2> report{-1, -1};
  preparation.log = open_log(options.log);
  if (pipe2(report.data(), O_CLOEXEC) != 0) {
    close(preparation.log);
    fail(ErrorKind::internal, "cannot make a pipe: {}", std::strerror(errno));
  }
  preparation.report = report[1];
  pid_ = fork();
  if (pid_ == 0) become(preparation);
  int error = pid_ < 0 ? errno : 0;
  close(preparation.log);
  close(report[1]);
  if (pid_ > 0 && read(report[0], &error, sizeof error) != sizeof error) error = 0;
  close(report[0]);
  if (error == 0) return;
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  fail(ErrorKind::usage, "cannot start {}: {}", command.front(), std::strerror(error));
}

BackgroundProcess::~BackgroundProcess() {
  if (exit_code_) return;
  send(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::optional<int> BackgroundProcess::wait(milliseconds at_most) {
  constexpr milliseconds kPoll{5};
  const auto end = std::chrono::steady_clock::now() + at_most;
  while (!exit_code_) {
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, WNOHANG);
    if (ended < 0 && errno != EINTR) fail(ErrorKind::internal, "waitpid: {}", std::strerror(errno));
    if (ended == pid_) {
      exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
      break;
    }
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    std::this_thread::sleep_for(std::min(left, kPoll));
  }
  return exit_code_;
}

void BackgroundProcess::send(int signal) {
  if (!exit_code_) kill(pid_, signal);
}

}  // namespace parlando
