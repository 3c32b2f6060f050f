#include "tests/support/running_process.h"

#include <stdexcept>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace parlando::test {
namespace {

constexpr int kSignalBase = 128;

int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

}  // namespace

RunningProcess::RunningProcess(const std::vector<std::string>& command,
                               const std::filesystem::path& log) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string log_name = log.string();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) {
    const int file = open(log_name.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
}

RunningProcess::~RunningProcess() {
  if (ended_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
}

void RunningProcess::signal(int number) const {
  kill(pid_, number);
}

int RunningProcess::wait() {
  if (!ended_) waitpid(pid_, &status_, 0);
  ended_ = true;
  return exit_code(status_);
}

bool RunningProcess::running() {
  if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return !ended_;
}

}  // namespace parlando::test
