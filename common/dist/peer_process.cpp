#include "common/dist/peer_process.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "common/core/this_process.h"

namespace parlando::dist {
namespace {

struct ProcStat {
  char state = '?';
  std::int64_t start_time = 0;
};

/// False if there is no such process. /proc/PID/stat: "pid (name) state ppid ...", where the name
/// may hold blanks and parentheses; the state is field 3 and the start time field 22 (proc(5)).
bool read_stat(std::int64_t pid, ProcStat& stat) {
  constexpr int kFieldsBetween = 18;
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return false;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  fields >> stat.state;
  for (int i = 0; i < kFieldsBetween; ++i) fields >> skipped;
  fields >> stat.start_time;
  return static_cast<bool>(fields);
}

std::string own_pid_namespace() {
  std::error_code error;
  const std::filesystem::path link = std::filesystem::read_symlink("/proc/self/ns/pid", error);
  return error ? "" : link.string();
}

}  // namespace

PeerProcess this_process() {
  ProcStat stat;
  read_stat(getpid(), stat);
  return {.host = host_name(),
          .pid_namespace = own_pid_namespace(),
          .pid = getpid(),
          .start_time = stat.start_time};
}

ProcessState state_of(const PeerProcess& process) {
  const PeerProcess self = this_process();
  if (process.host != self.host || process.pid_namespace != self.pid_namespace)
    return ProcessState::unknown;
  ProcStat stat;
  if (!read_stat(process.pid, stat) || stat.start_time != process.start_time || stat.state == 'Z' ||
      stat.state == 'X') {
    return ProcessState::gone;
  }
  return stat.state == 'T' || stat.state == 't' ? ProcessState::stopped : ProcessState::running;
}

}  // namespace parlando::dist
