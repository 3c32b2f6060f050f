#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace parlando {

struct BackgroundOptions {
  std::map<std::string, std::string> environment{};   ///< laid over that of this process
  std::function<bool(const std::string&)> without{};  ///< names that it does not get from here
  std::filesystem::path log{};   ///< its output and errors are appended here; empty = thrown away
  std::vector<int> cores{};      ///< that it may run on; empty = those of this process
  int death_signal = 0;          ///< sent to it when the thread that started it ends; 0 = none
  std::vector<int> keep_open{};  ///< descriptors of this process that it inherits
};

/// A program that runs beside this one, in a process group of its own, so that Ctrl-C in the
/// terminal reaches this process alone. Not thread-safe.
class BackgroundProcess {
 public:
  /// Throws Error(usage) naming the program if it can't be started, Error(artefact) naming the log
  /// if it can't be written.
  explicit BackgroundProcess(std::vector<std::string> command,
                             const BackgroundOptions& options = {});
  /// Kills it if it still runs.
  ~BackgroundProcess();
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  /// Its exit code, 128 + signal if a signal ended it; nullopt if it still runs when the time is
  /// up.
  std::optional<int> wait(std::chrono::milliseconds at_most);
  /// Does nothing once it has ended.
  void send(int signal);
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace parlando
