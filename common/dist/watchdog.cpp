#include "common/dist/watchdog.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "common/core/error.h"
#include "common/dist/background_thread.h"
#include "common/dist/verdict.h"

namespace parlando::dist {
namespace {

using std::chrono::milliseconds;

constexpr double kTicksPerLimit = 50;
constexpr milliseconds kShortestTick{10}, kLongestTick{250};
/// A tick that comes later than this was not late by chance: the process was stopped meanwhile.
constexpr milliseconds kSuspension{1000};

constexpr double kBeatsPerLimit = 20;
constexpr milliseconds kShortestBeat{50}, kLongestBeat{5000};

/// How long the folder of the board may take to say who speaks for all.
constexpr milliseconds kLastWordLimit{500};
/// How long the others leave to the rank that speaks before they end the job silently.
constexpr std::chrono::seconds kSpeech{2};

constexpr int kWriteLimitMilliseconds = 1000;

milliseconds part_of(double seconds, double parts, milliseconds shortest, milliseconds longest) {
  return std::clamp(milliseconds(static_cast<std::int64_t>(1000 * seconds / parts)), shortest,
                    longest);
}

}  // namespace

void end_process(const std::string& message) {
  const std::string line = message.empty() ? "" : message + "\n";
  pollfd error{STDERR_FILENO, POLLOUT, 0};
  if (poll(&error, 1, kWriteLimitMilliseconds) > 0) {
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
  }
  _exit(static_cast<int>(ErrorKind::distributed));
}

Watchdog::Watchdog(WatchdogOptions options)
    : options_(std::move(options)), last_sign_(Clock::now()) {
  if (!options_.end_job) options_.end_job = end_process;
  frames_.reserve(16);
  if (options_.size > 1 && !options_.board.empty()) {
    const double limit = std::min(options_.timeout_seconds, options_.first_timeout_seconds);
    board_ = std::make_unique<PeerBoard>(
        PeerBoardOptions{.folder = options_.board,
                         .launch = options_.launch,
                         .rank = options_.rank,
                         .size = options_.size,
                         .interval = part_of(limit, kBeatsPerLimit, kShortestBeat, kLongestBeat)},
        [this] { return activity(); });
  }
  thread_ = background_thread([this] { watch(); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

Watchdog::Operation Watchdog::enter(const char* operation, bool waits_for_ranks) {
  Activity entered;
  {
    const std::lock_guard lock(mutex_);
    frames_.push_back({operation, waits_for_ranks});
    last_sign_ = Clock::now();
    failed_.reset();
    if (options_.on_enter) entered = current();
  }
  if (options_.on_enter) {
    try {
      options_.on_enter(entered);
    } catch (...) {
      leave();
      const std::lock_guard lock(mutex_);
      failed_ = entered;
      throw;
    }
  }
  return Operation(*this);
}

void Watchdog::leave() {
  const std::lock_guard lock(mutex_);
  if (!failed_ && std::uncaught_exceptions() > 0) failed_ = current();
  frames_.pop_back();
  last_sign_ = Clock::now();
}

Activity Watchdog::failed_activity() const {
  const std::lock_guard lock(mutex_);
  return failed_.value_or(current());
}

void Watchdog::beat() {
  const std::lock_guard lock(mutex_);
  last_sign_ = Clock::now();
}

void Watchdog::at(std::int64_t epoch, std::int64_t step) {
  const std::lock_guard lock(mutex_);
  epoch_ = epoch;
  step_ = step;
}

void Watchdog::warmed_up() {
  const std::lock_guard lock(mutex_);
  warmed_up_ = true;
}

Activity Watchdog::activity() const {
  const std::lock_guard lock(mutex_);
  return current();
}

Activity Watchdog::current() const {
  Activity activity{.epoch = epoch_, .step = step_};
  if (!frames_.empty()) {
    activity.operation = frames_.back().operation;
    activity.waits_for_ranks = frames_.back().waits_for_ranks;
  }
  return activity;
}

double Watchdog::limit_seconds() const {
  return warmed_up_ ? options_.timeout_seconds : options_.first_timeout_seconds;
}

void Watchdog::watch() {
  const double shorter = std::min(options_.timeout_seconds, options_.first_timeout_seconds);
  const milliseconds tick = part_of(shorter, kTicksPerLimit, kShortestTick, kLongestTick);
  Clock::time_point last_tick = Clock::now();
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait_for(lock, tick, [&] { return ending_; });
    if (ending_) return;
    const Clock::time_point now = Clock::now();
    const auto late = now - std::exchange(last_tick, now) - tick;
    if (late > kSuspension) last_sign_ += late;
    const double idle = std::chrono::duration<double>(now - last_sign_).count();
    const double limit = limit_seconds();
    lock.unlock();
    const Verdict found = verdict(idle, limit);
    if (!found.message.empty()) {
      // A rank that holds up the others says so; of those that wait for it one speaks.
      const bool speaks = !found.about_others || has_last_word();
      if (!found.about_others) claim_last_word();
      options_.end_job(speaks ? fmt::format("{}: {}", options_.program, found.message) : "");
      return;
    }
    lock.lock();
  }
}

Watchdog::Verdict Watchdog::verdict(double idle, double limit) {
  const bool asked_to_stop = options_.stop_requested && options_.stop_requested();
  if (board_) board_->look(asked_to_stop || idle > limit / 2);
  const std::vector<Peer> peers = board_ ? board_->peers() : std::vector<Peer>{};
  const Activity own = activity();
  if (idle > limit) {
    const std::string key = std::string("distributed.") +
                            (limit == options_.timeout_seconds ? "" : "first_") + "timeout_seconds";
    return {timeout_message(options_.rank, options_.size, own, idle, key, peers),
            own.waits_for_ranks};
  }
  if (asked_to_stop && std::ranges::any_of(peers, &Peer::lost))
    return {lost_peer_message(options_.rank, options_.size, own, peers), true};
  return {};
}

bool Watchdog::claim_last_word() {
  return !board_ || board_->claim_last_word(kLastWordLimit);
}

bool Watchdog::has_last_word() {
  const bool first = claim_last_word();
  if (!first) std::this_thread::sleep_for(kSpeech);
  return first;
}

}  // namespace parlando::dist
