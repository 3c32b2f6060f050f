#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace parlando::test {

/// A program that runs while the test looks on and interferes. Killed at the end if it still runs.
class RunningProcess {
 public:
  /// Its output goes to `log`. Throws std::runtime_error if it can't be started.
  RunningProcess(const std::vector<std::string>& command, const std::filesystem::path& log);
  ~RunningProcess();
  RunningProcess(const RunningProcess&) = delete;
  RunningProcess& operator=(const RunningProcess&) = delete;

  void signal(int number) const;
  /// Waits for the end. Returns the exit code, 128 + signal if a signal ended it.
  int wait();
  /// Whether it has not ended yet.
  bool running();

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace parlando::test
