#include "preprocess/verbs/preprocess/worker_option.h"

#include <charconv>

#include "common/core/error.h"
#include "common/dist/launch.h"

namespace parlando::preprocess {

Worker choose_worker(const std::string& shard) {
  if (shard.empty()) {
    const dist::LaunchEnvironment launch = dist::detect_launch();
    return {static_cast<std::size_t>(launch.rank), static_cast<std::size_t>(launch.world_size)};
  }
  std::size_t number = 0;
  std::size_t count = 0;
  const char* const end = shard.data() + shard.size();
  const auto slash = std::from_chars(shard.data(), end, number);
  if (slash.ec == std::errc() && slash.ptr != end && *slash.ptr == '/') {
    const auto rest = std::from_chars(slash.ptr + 1, end, count);
    if (rest.ec == std::errc() && rest.ptr == end && number >= 1 && number <= count) {
      return {number - 1, count};
    }
  }
  fail(ErrorKind::usage, "--shard {}: expected I/N with I from 1 to N, for instance 2/4", shard);
}

}  // namespace parlando::preprocess
