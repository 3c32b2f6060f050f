#pragma once

#include <functional>
#include <memory>

#include "common/dist/communicator.h"

namespace parlando::dist {

struct ThreadGroupOptions {
  int members = 1;  ///< threads of this process; the same number in every process
  int running = 0;  ///< of them that compute at the same time; 0 = all. Waiting does not count
  std::function<void()> on_start{};  ///< called by each thread before its first work
};

/// Threads that are ranks: member i of process p is rank p * members + i of a group that spans all
/// processes of `outer`. What the members of a process bring to a collective is reduced here in the
/// order of tree_reduce, then over `outer`, so that with a power of two of members a sum has the
/// bits that the same number of single processes would give it.
class ThreadGroup {
 public:
  ThreadGroup(Communicator& outer, ThreadGroupOptions options);
  ~ThreadGroup();
  ThreadGroup(const ThreadGroup&) = delete;
  ThreadGroup& operator=(const ThreadGroup&) = delete;

  /// Of member i, for its thread alone.
  Communicator& member(int i);

  /// Runs body(i) on every member's thread, while the calling thread carries out their collectives.
  /// All members call the same operations in the same order. Throws the first error of a member or
  /// of a collective; the other members' collectives throw as well, so that their bodies end.
  void run(const std::function<void(int)>& body);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace parlando::dist
