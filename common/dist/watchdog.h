#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/dist/activity.h"
#include "common/dist/peer_board.h"

namespace parlando::dist {

struct WatchdogOptions {
  std::string program = "parlando";  ///< before every message
  int rank = 0;
  int size = 1;
  double first_timeout_seconds = 1800;  ///< until Watchdog::warmed_up
  double timeout_seconds = 300;         ///< afterwards
  std::filesystem::path board{};        ///< folder of the PeerBoard; empty = none
  std::string launch{};                 ///< JobStart::launch
  /// Whether somebody asked this process to stop; called from the watchdog's thread.
  std::function<bool()> stop_requested{};
  /// Told of every operation as it begins, on the thread that begins it.
  std::function<void(const Activity&)> on_enter{};
  /// Ends the process with ErrorKind::distributed after `message`, a line for people. Called once,
  /// from the watchdog's thread; empty = end_process.
  std::function<void(const std::string& message)> end_job{};
};

/// Ends a rank that makes no progress, and with it the job. The rank's main thread says what it
/// does; a thread of the watchdog's looks on and, when nothing began or ended for longer than the
/// limit, says operation, step, epoch and rank, and which other ranks are lost or late, and ends
/// the process with exit code 5, also while the main thread is stuck in MPI, in a system call or
/// waits for a stopped peer. The launcher then ends the other ranks, and each rank's own watchdog
/// where a launcher does not. It also ends a rank that is asked to stop while a peer is lost.
/// Time in which the process itself was stopped does not count.
class Watchdog {
 public:
  explicit Watchdog(WatchdogOptions options);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// The rank is in an operation for the life of this object. Operations nest.
  class [[nodiscard]] Operation {
   public:
    explicit Operation(Watchdog& owner) : owner_(owner) {}
    ~Operation() { owner_.leave(); }
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;

   private:
    Watchdog& owner_;
  };

  /// `operation` is a literal. `waits_for_ranks`: it ends when the other ranks do their part.
  Operation enter(const char* operation, bool waits_for_ranks = false);
  /// A sign of progress within an operation.
  void beat();
  /// Where training stands, both from 1; 0 = in no epoch or step.
  void at(std::int64_t epoch, std::int64_t step);
  /// The first step is done: from here on the short limit holds.
  void warmed_up();

  Activity activity() const;
  /// The innermost operation that the last exception has left; `activity` if there was none.
  Activity failed_activity() const;

  /// True if this rank is the first of the job that asks: it says why the job ends. False after
  /// a pause that lets the other one speak.
  bool has_last_word();

 private:
  using Clock = std::chrono::steady_clock;
  struct Frame {
    const char* operation;
    bool waits_for_ranks;
  };

  void leave();
  void watch();
  struct Verdict {
    std::string message;  ///< empty: go on
    bool about_others = false;
  };
  Verdict verdict(double idle, double limit);
  bool claim_last_word();
  double limit_seconds() const;  // with mutex_ held
  Activity current() const;      // with mutex_ held

  WatchdogOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Frame> frames_;
  std::optional<Activity> failed_;
  std::int64_t epoch_ = 0, step_ = 0;
  Clock::time_point last_sign_;
  bool warmed_up_ = false;
  bool ending_ = false;
  std::unique_ptr<PeerBoard> board_;
  std::thread thread_;
};

/// Writes a line to stderr without waiting for whoever holds its locks, then ends the process with
/// exit code 5.
[[noreturn]] void end_process(const std::string& message);

}  // namespace parlando::dist
