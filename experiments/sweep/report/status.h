#pragma once

#include <string>
#include <vector>

#include "common/io/json.h"
#include "experiments/sweep/report/leaderboard.h"

namespace parlando::sweep {

/// A trial that somebody works on.
struct RunningTrial {
  int trial = 0;
  std::string worker;       ///< "process 4711 on node3"
  std::int64_t epochs = 0;  ///< done
  double value = 0;         ///< of the metric so far, NaN before the first epoch
};

struct SweepStatus {
  std::size_t trials = 0, finished = 0, stopped = 0, failed = 0, waiting = 0;
  std::vector<RunningTrial> running;
  std::vector<LeaderboardRow> rows;
  double seconds_left = 0;  ///< a guess from the trials done; NaN without any
};

SweepStatus sweep_status(const Sweep& sweep);
std::string status_text(const Sweep& sweep, const SweepStatus& status);
Json status_to_json(const SweepStatus& status);

}  // namespace parlando::sweep
