#pragma once

#include <cstdint>
#include <string>

namespace parlando::dist {

/// A process by what tells it from every other one.
struct PeerProcess {
  std::string host;
  std::string pid_namespace;  ///< pids of two containers on one host are not the same
  std::int64_t pid = 0;
  std::int64_t start_time = 0;  ///< clock ticks since boot, so that a reused pid is noticed

  bool operator==(const PeerProcess&) const = default;
};

PeerProcess this_process();

enum class ProcessState {
  unknown,  ///< on another host or in another container
  running,
  stopped,  ///< by SIGSTOP, a debugger or a suspended job
  gone,
};

/// What this host's /proc says of it.
ProcessState state_of(const PeerProcess& process);

}  // namespace parlando::dist
