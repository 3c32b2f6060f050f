#pragma once

#include <functional>
#include <string>

#include "common/core/error.h"
#include "common/dist/communicator.h"

namespace parlando::dist {

/// An Error that every rank throws at the same point, with a message on one of them and none on the
/// others: each process can end by itself, and nobody waits for a rank that is gone.
class AgreedError : public Error {
 public:
  using Error::Error;
};

/// Runs `body` on every rank, then lets all ranks agree whether it worked. If it threw on any rank,
/// all ranks throw an AgreedError of that kind, the lowest failing rank with the message. `body`
/// makes no collective calls.
void together(Communicator& communicator, const std::function<void()>& body);

/// Throws an AgreedError, rank 0 with the message. Called by all ranks, which know the reason
/// alike.
[[noreturn]] void fail_together(const Communicator& communicator, ErrorKind kind,
                                const std::string& message);

}  // namespace parlando::dist
