#pragma once

#include <functional>

#include "common/dist/communicator.h"

namespace parlando::dist {

/// Runs `body` on every rank, then lets all ranks agree whether it worked. If it threw an Error on
/// any rank, all ranks throw an Error of that kind: the lowest failing rank with the message, the
/// others with an empty one, so that one message is printed. `body` makes no collective calls.
void together(Communicator& communicator, const std::function<void()>& body);

}  // namespace parlando::dist
