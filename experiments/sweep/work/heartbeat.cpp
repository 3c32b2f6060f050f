#include "experiments/sweep/work/heartbeat.h"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <unistd.h>

#include "common/core/this_process.h"
#include "common/dist/job.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::sweep {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr const char* kFile = "worker.json";
constexpr seconds kEvery{15};
constexpr seconds kSilence{120};  ///< after which a worker on another machine counts as gone

}  // namespace

Heartbeat::Heartbeat(const std::filesystem::path& trial_folder, int round)
    : file_(trial_folder / kFile) {
  write_json(file_, {{"host", host_name()},
                     {"pid", getpid()},
                     {"job", dist::detect_job().job},
                     {"round", round},
                     {"since", utc_now()}});
}

Heartbeat::~Heartbeat() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

Heartbeat::Pulse::Pulse(const std::filesystem::path& trial_folder)
    : file_(trial_folder / kFile), last_(Clock::now()) {}

void Heartbeat::Pulse::beat() const {
  if (Clock::now() - last_ < kEvery) return;
  last_ = Clock::now();
  std::error_code ignored;
  std::filesystem::last_write_time(file_, std::filesystem::file_time_type::clock::now(), ignored);
}

std::optional<std::string> worker_of(const std::filesystem::path& trial_folder) {
  const std::filesystem::path file = trial_folder / kFile;
  try {
    const Json json = read_json(file);
    const auto host = json_get<std::string>(json, "host", file.string());
    const auto pid = json_get<pid_t>(json, "pid", file.string());
    std::error_code error;
    const auto written = std::filesystem::last_write_time(file, error);
    const bool alive =
        host == host_name()
            ? kill(pid, 0) == 0 || errno == EPERM
            : !error && std::filesystem::file_time_type::clock::now() - written < kSilence;
    if (!alive) return std::nullopt;
    return fmt::format("process {} on {}", pid, host);
  } catch (const Error&) {  // gone between two looks, or nobody was there
    return std::nullopt;
  }
}

}  // namespace parlando::sweep
