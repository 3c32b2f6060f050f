#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/dist/activity.h"
#include "common/dist/peer_process.h"

namespace parlando::dist {

/// What is known of another rank.
struct Peer {
  enum class Presence {
    absent,   ///< no record of this start: it never came, or it has left in good order
    running,  ///< its record is renewed
    stopped,  ///< its host says that it is stopped
    gone,     ///< its host says that it has ended without saying so
    silent,   ///< its record is not renewed any more: it is stopped, dead or cut off
  };

  int rank = 0;
  Presence presence = Presence::absent;
  PeerProcess process;
  Activity activity;  ///< the last that it told

  bool lost() const;
};

struct PeerBoardOptions {
  std::filesystem::path folder{};  ///< that all ranks see; made when it is missing
  std::string launch{};            ///< JobStart::launch: records of other starts do not count
  int rank = 0;
  int size = 1;
  std::chrono::milliseconds interval{1000};  ///< between two records of this rank
};

/// A folder in which every rank of a job says what it does, so that a rank that waits in vain can
/// say for whom. A thread of its own writes "rank-0003.json" every interval, and reads those of the
/// others while it is asked to look; a file system that hangs stops only this thread. An absent or
/// unwritable folder leaves the peers absent. The file goes with the object. Thread-safe.
class PeerBoard {
 public:
  /// `own` is called from the board's thread.
  PeerBoard(PeerBoardOptions options, std::function<Activity()> own);
  ~PeerBoard();
  PeerBoard(const PeerBoard&) = delete;
  PeerBoard& operator=(const PeerBoard&) = delete;

  /// Starts or ends looking at the others.
  void look(bool at_peers);
  /// What the last looks have shown, by rank, without this one; empty before the first look.
  std::vector<Peer> peers() const;

  /// True for the first rank of this start that asks; true as well if the folder does not answer
  /// within `limit`.
  bool claim_last_word(std::chrono::milliseconds limit);

 private:
  using Clock = std::chrono::steady_clock;
  struct Seen {
    Peer peer;
    std::int64_t beats = -1;
    Clock::time_point changed;  ///< when a new record was last seen
  };

  void run();
  void write_record();
  void read_records();
  void read_record(Seen& seen) const;
  bool create_ending_file() const;
  void remove_old_endings() const;
  std::filesystem::path record_path(int rank) const;

  PeerBoardOptions options_;
  std::function<Activity()> own_;
  PeerProcess process_;
  std::int64_t beats_ = 0;
  std::vector<Seen> seen_;  // of the board's thread alone
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;  // the object goes
  bool looking_ = false;
  bool last_word_asked_ = false;
  std::optional<bool> last_word_;
  std::vector<Peer> peers_;
  std::thread thread_;
};

}  // namespace parlando::dist
