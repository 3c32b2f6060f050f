#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace parlando::sweep {

/// Says in a trial's folder who works on it, while the object lives: worker.json.
class Heartbeat {
 public:
  Heartbeat(const std::filesystem::path& trial_folder, int round);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// Renews the file's time now and then, for those on other machines.
  class Pulse {
   public:
    explicit Pulse(const std::filesystem::path& trial_folder);
    void beat() const;

   private:
    std::filesystem::path file_;
    mutable std::chrono::steady_clock::time_point last_;
  };

 private:
  std::filesystem::path file_;
};

/// "process 4711 on node3" if somebody works on the trial: its process is alive on this machine, or
/// the file was renewed within the last minutes on another.
std::optional<std::string> worker_of(const std::filesystem::path& trial_folder);

}  // namespace parlando::sweep
