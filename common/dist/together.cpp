#include "common/dist/together.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

namespace parlando::dist {

void together(Communicator& communicator, const std::function<void()>& body) {
  constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
  std::optional<Error> error;
  try {
    body();
  } catch (const Error& caught) {
    error = caught;
  } catch (const std::exception& caught) {
    error = Error(ErrorKind::internal, caught.what());
  }
  // Rank in the high part, kind in the low part: the minimum is the lowest failing rank with its
  // kind.
  std::array<std::int64_t, 1> first{
      error ? std::int64_t{communicator.rank()} * 1000 + error->exit_code() : kNone};
  communicator.all_reduce(std::span(first), ReduceOp::min);
  if (first[0] == kNone) return;
  const bool mine = first[0] / 1000 == communicator.rank();
  throw AgreedError(static_cast<ErrorKind>(first[0] % 1000), mine && error ? error->what() : "");
}

void fail_together(const Communicator& communicator, ErrorKind kind, const std::string& message) {
  throw AgreedError(kind, communicator.is_root() ? message : "");
}

}  // namespace parlando::dist
