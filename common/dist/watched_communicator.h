#pragma once

#include <memory>

#include "common/dist/communicator.h"
#include "common/dist/watchdog.h"

namespace parlando::dist {

/// The same group, with a watchdog that looks on whenever a rank waits for the others. Both must
/// outlive the result.
std::unique_ptr<Communicator> watch(Communicator& group, Watchdog& watchdog);

}  // namespace parlando::dist
