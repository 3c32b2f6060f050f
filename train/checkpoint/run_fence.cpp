#include "train/checkpoint/run_fence.h"

#include "common/core/error.h"
#include "common/dist/peer_process.h"
#include "common/io/json.h"

namespace parlando::train {
namespace {

struct Holder {
  std::int64_t start = 0, restart = 0, pid = 0;
  std::string job, launch, host;
};

Holder read_holder(const std::filesystem::path& path) {
  const Json json = read_json(path);
  const std::string source = path.string();
  return {.start = json_get<std::int64_t>(json, "start", source),
          .restart = json_get<std::int64_t>(json, "restart", source),
          .pid = json_get<std::int64_t>(json, "pid", source),
          .job = json_get<std::string>(json, "job", source),
          .launch = json_get<std::string>(json, "launch", source),
          .host = json_get<std::string>(json, "host", source)};
}

}  // namespace

RunFence::RunFence(const std::filesystem::path& run, const dist::JobStart& job)
    : path_(run / kFile), launch_(job.launch) {
  if (std::filesystem::exists(path_)) {
    const Holder holder = read_holder(path_);
    if (holder.job == job.job && holder.restart > job.restart) {
      fail(ErrorKind::artefact,
           "{}: restart {} of {} on {} has this run; this is restart {}, which was left behind",
           run.string(), holder.restart, holder.job, holder.host, job.restart);
    }
    start_ = holder.start + 1;
  }
  const dist::PeerProcess self = dist::this_process();
  write_json(path_, {{"start", start_},
                     {"job", job.job},
                     {"restart", job.restart},
                     {"launch", job.launch},
                     {"host", self.host},
                     {"pid", self.pid}});
}

void RunFence::check() const {
  const Holder holder = read_holder(path_);
  if (holder.start == start_ && holder.launch == launch_) return;
  fail(ErrorKind::artefact,
       "{}: start {} of this run ({}, pid {} on {}) has taken over; this is start {}, which writes "
       "no more",
       path_.parent_path().string(), holder.start, holder.launch, holder.pid, holder.host, start_);
}

}  // namespace parlando::train
