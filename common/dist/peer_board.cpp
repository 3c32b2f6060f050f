#include "common/dist/peer_board.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "common/dist/background_thread.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::dist {
namespace {

constexpr const char* kEnding = "ending-";
constexpr std::size_t kRecordBytes = 1024;
/// A record that has not changed for so many intervals is not renewed any more.
constexpr int kSilentIntervals = 3;

Json to_json(const PeerBoardOptions& options, const PeerProcess& process, std::int64_t beats,
             const Activity& activity) {
  return {{"rank", options.rank},
          {"launch", options.launch},
          {"host", process.host},
          {"pid_namespace", process.pid_namespace},
          {"pid", process.pid},
          {"start_time", process.start_time},
          {"beats", beats},
          {"operation", activity.operation},
          {"waits_for_ranks", activity.waits_for_ranks},
          {"epoch", activity.epoch},
          {"step", activity.step}};
}

/// Renews a small file in place. Opened anew each time: network file systems pass data on when a
/// file is closed.
void write_in_place(const std::filesystem::path& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t written = pwrite(file, text.data(), text.size(), 0);
  close(file);
}

}  // namespace

bool Peer::lost() const {
  return presence == Presence::stopped || presence == Presence::gone ||
         presence == Presence::silent;
}

PeerBoard::PeerBoard(PeerBoardOptions options, std::function<Activity()> own)
    : options_(std::move(options)), own_(std::move(own)), process_(this_process()) {
  for (int rank = 0; rank < options_.size; ++rank) {
    if (rank == options_.rank) continue;
    seen_.emplace_back();
    seen_.back().peer.rank = rank;
  }
  thread_ = background_thread([this] { run(); });
}

PeerBoard::~PeerBoard() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::filesystem::path PeerBoard::record_path(int rank) const {
  return options_.folder / fmt::format("rank-{:04}.json", rank);
}

void PeerBoard::look(bool at_peers) {
  {
    const std::lock_guard lock(mutex_);
    if (looking_ == at_peers) return;
    looking_ = at_peers;
  }
  wake_.notify_all();
}

std::vector<Peer> PeerBoard::peers() const {
  const std::lock_guard lock(mutex_);
  return peers_;
}

bool PeerBoard::claim_last_word(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  last_word_asked_ = true;
  wake_.notify_all();
  wake_.wait_for(lock, limit, [&] { return last_word_.has_value(); });
  return last_word_.value_or(true);
}

void PeerBoard::run() {
  std::error_code ignored;
  const std::filesystem::path parent = options_.folder.parent_path();
  const bool parent_was_there = std::filesystem::exists(parent, ignored);
  std::filesystem::create_directories(options_.folder, ignored);
  if (options_.rank == 0) remove_old_endings();
  bool looking = false;
  for (;;) {
    write_record();
    if (looking) read_records();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, options_.interval, [&] {
      return ending_ || looking_ != looking || (last_word_asked_ && !last_word_);
    });
    looking = looking_;
    if (last_word_asked_ && !last_word_) {
      lock.unlock();
      const bool first = create_ending_file();
      lock.lock();
      last_word_ = first;
      wake_.notify_all();
    }
    if (ending_) break;
  }
  // Folders made for the record go too, if nothing else came into them.
  std::filesystem::remove(record_path(options_.rank), ignored);
  std::filesystem::remove(options_.folder, ignored);
  if (!parent_was_there) std::filesystem::remove(parent, ignored);
}

void PeerBoard::remove_old_endings() const {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(options_.folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kEnding) && name != kEnding + options_.launch)
      std::filesystem::remove(entry.path(), ignored);
  }
}

void PeerBoard::write_record() {
  std::string text = to_json(options_, process_, ++beats_, own_()).dump();
  text.resize(std::max(text.size() + 1, kRecordBytes), ' ');
  text.back() = '\n';
  write_in_place(record_path(options_.rank), text);
}

void PeerBoard::read_records() {
  std::vector<Peer> peers;
  for (Seen& seen : seen_) {
    read_record(seen);
    peers.push_back(seen.peer);
  }
  const std::lock_guard lock(mutex_);
  peers_ = std::move(peers);
}

void PeerBoard::read_record(Seen& seen) const {
  Peer& peer = seen.peer;
  const std::filesystem::path path = record_path(peer.rank);
  const Clock::time_point now = Clock::now();
  try {
    const std::string source = path.string();
    const Json json = read_json(path);
    if (json_get<std::string>(json, "launch", source) != options_.launch) {
      peer.presence = Peer::Presence::absent;
      return;
    }
    const auto beats = json_get<std::int64_t>(json, "beats", source);
    if (beats != seen.beats) seen.changed = now;
    seen.beats = beats;
    peer.process = {.host = json_get<std::string>(json, "host", source),
                    .pid_namespace = json_get<std::string>(json, "pid_namespace", source),
                    .pid = json_get<std::int64_t>(json, "pid", source),
                    .start_time = json_get<std::int64_t>(json, "start_time", source)};
    peer.activity = {.operation = json_get<std::string>(json, "operation", source),
                     .waits_for_ranks = json_get<bool>(json, "waits_for_ranks", source),
                     .epoch = json_get<std::int64_t>(json, "epoch", source),
                     .step = json_get<std::int64_t>(json, "step", source)};
  } catch (const Error&) {
    // Gone, or caught while it was written: the record before it stands.
    if (!std::filesystem::exists(path)) peer.presence = Peer::Presence::absent;
    return;
  }
  const ProcessState state = state_of(peer.process);
  const bool renewed = now - seen.changed < kSilentIntervals * options_.interval;
  peer.presence = state == ProcessState::stopped ? Peer::Presence::stopped
                  : state == ProcessState::gone  ? Peer::Presence::gone
                  : renewed                      ? Peer::Presence::running
                                                 : Peer::Presence::silent;
}

bool PeerBoard::create_ending_file() const {
  const std::filesystem::path path = options_.folder / (kEnding + options_.launch);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file >= 0) close(file);
  return file >= 0 || errno != EEXIST;
}

}  // namespace parlando::dist
