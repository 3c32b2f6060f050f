#pragma once

#include "common/core/signals.h"
#include "common/dist/communicator.h"
#include "common/dist/watchdog.h"

namespace parlando::train {

/// What a program has on each rank.
struct RankContext {
  dist::Communicator& host;  ///< watched: waits in it count as operations
  dist::Watchdog& watchdog;
  const StopRequest& stop;
};

}  // namespace parlando::train
