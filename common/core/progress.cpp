#include "common/core/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace parlando {
namespace {

constexpr int kBarWidth = 28;
constexpr double kTerminalInterval = 0.1;  // s between redraws
constexpr double kPlainInterval = 10.0;    // s between plain lines

double seconds_between(std::chrono::steady_clock::time_point a,
                       std::chrono::steady_clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

}  // namespace

std::string format_duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(std::max(0.0, seconds)));
  if (whole >= 3600) {
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

Progress::Progress(std::string label, std::int64_t total, std::string unit, bool silent)
    : label_(std::move(label)),
      total_(total),
      unit_(std::move(unit)),
      silent_(silent),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      last_print_(start_) {}

Progress::~Progress() {
  finish();
}

std::string Progress::line(std::int64_t done, const std::string& detail) const {
  const double elapsed = seconds_between(start_, Clock::now());
  const double rate = elapsed > 0 ? static_cast<double>(done) / elapsed : 0;
  std::string text = fmt::format("{} {}", label_, done);
  if (total_ > 0) {
    text += fmt::format("/{}", total_);
  }
  text += fmt::format(" {}  {:.0f} {}/s", unit_, rate, unit_);
  if (total_ > 0 && rate > 0) {
    text += fmt::format("  ETA {}", format_duration(static_cast<double>(total_ - done) / rate));
  }
  if (!detail.empty()) text += "  " + detail;
  return text;
}

void Progress::update(std::int64_t done, const std::string& detail) {
  if (silent_) return;
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  const auto time = Clock::now();
  const double since = seconds_between(last_print_, time);
  if (since < (terminal_ ? kTerminalInterval : kPlainInterval) && !(terminal_ && done == total_))
    return;
  last_print_ = time;
  if (!terminal_) {
    fmt::print(stderr, "{}\n", line(done, detail));
    return;
  }
  const double fraction =
      total_ > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total_), 0.0, 1.0)
                 : 0;
  const int filled = static_cast<int>(fraction * kBarWidth);
  std::string bar;
  for (int i = 0; i < kBarWidth; ++i) bar += i < filled ? "█" : "░";
  fmt::print(stderr, "\r\033[K{} {}", bar, line(done, detail));
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  if (drawn_) {
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
  }
}

}  // namespace parlando
