#include "tests/support/process.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace parlando::test {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  }
  ~Pipe() {
    for (int end : ends) {
      if (end >= 0) close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_writer() {
    close(ends[1]);
    ends[1] = -1;
  }
  std::array<int, 2> ends{};
};

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) {
    throw std::runtime_error(std::string(name) + " is not set; run this through ctest");
  }
  return value;
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!changes.contains(text.substr(0, text.find('=')))) result.push_back(text);
  }
  for (const auto& [name, value] : changes) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// Reads both pipes to their end, or until the deadline; true if they ended.
bool collect(const Pipe& out, const Pipe& err, ProcessResult& result, Clock::time_point deadline) {
  std::array<pollfd, 2> files{pollfd{out.ends[0], POLLIN, 0}, pollfd{err.ends[0], POLLIN, 0}};
  std::array<std::string*, 2> texts{&result.out, &result.err};
  while (files[0].fd >= 0 || files[1].fd >= 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    if (poll(files.data(), files.size(), static_cast<int>(left.count())) < 0) continue;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (files[i].fd < 0 || files[i].revents == 0) continue;
      std::array<char, 4096> buffer{};
      const ssize_t count = read(files[i].fd, buffer.data(), buffer.size());
      if (count > 0) texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
      if (count == 0) files[i].fd = -1;
    }
  }
  return true;
}

/// Waits for the end of the process, killing it at the deadline.
int wait_for(pid_t pid, Clock::time_point deadline) {
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (Clock::now() >= deadline) kill(pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& command, const ProcessOptions& options) {
  std::vector<std::string> words = command;
  std::vector<std::string> environment = merged_environment(options.environment);
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(environment);
  Pipe out;
  Pipe err;
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("fork failed");
  if (pid == 0) {
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(out.ends[1], STDOUT_FILENO);
    dup2(err.ends[1], STDERR_FILENO);
    const bool there = options.folder.empty() || chdir(options.folder.c_str()) == 0;
    if (there) execvpe(argv[0], argv.data(), envp.data());
    dprintf(STDERR_FILENO, "cannot start %s: %s\n", argv[0], std::strerror(errno));
    _exit(127);
  }
  out.close_writer();
  err.close_writer();
  const auto deadline =
      Clock::now() + std::chrono::milliseconds(static_cast<int>(options.timeout_seconds * 1000));
  ProcessResult result;
  result.pid = pid;
  if (!collect(out, err, result, deadline)) kill(pid, SIGKILL);
  result.exit_code = wait_for(pid, deadline);
  if (result.exit_code == 127) throw std::runtime_error(result.err);
  return result;
}

std::string program(const std::string& name) {
  return from_environment("PARLANDO_BIN") + "/" + name;
}

ProcessResult parlando(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  std::vector<std::string> command{program("parlando")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_process(command, options);
}

std::filesystem::path source_path(const std::filesystem::path& relative) {
  return std::filesystem::path(from_environment("PARLANDO_SOURCE")) / relative;
}

}  // namespace parlando::test
