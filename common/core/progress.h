#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace parlando {

/// Progress on stderr: a live bar with rate and ETA on a terminal, a plain line every 10 s
/// elsewhere. Thread-safe. A silent one (ranks other than 0) prints nothing.
class Progress {
 public:
  /// `unit` names what is counted ("clips", "samples"); `total` 0 means unknown.
  Progress(std::string label, std::int64_t total, std::string unit, bool silent = false);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Sets the count done so far; `detail` (loss, real-time factor) stands behind the rate.
  void update(std::int64_t done, const std::string& detail = "");
  /// Ends the bar; nothing is printed afterwards.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  std::string line(std::int64_t done, const std::string& detail) const;

  std::string label_;
  std::int64_t total_;
  std::string unit_;
  bool silent_;
  bool terminal_;
  Clock::time_point start_;
  Clock::time_point last_print_;
  bool drawn_ = false;
  bool finished_ = false;
  std::mutex mutex_;
};

/// "1:02:03", "2:03" or "0:07".
std::string format_duration(double seconds);

}  // namespace parlando
