#include "experiments/sweep/work/local_run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include <sched.h>

#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "experiments/sweep/work/progress_lines.h"
#include "train/run/train_config.h"

namespace parlando::sweep {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortWait{50}, kLongWait{2000}, kNoticeableWait{800};

/// "50%" of the machine for one trial becomes "25%" for each of two.
std::vector<std::string> memory_share(const Sweep& sweep, std::size_t jobs) {
  const std::string memory =
      train::load_train_config({sweep.train_file(sweep.trials.front()).string()}).input.memory;
  if (!memory.ends_with('%') || jobs == 1) return {};
  return {fmt::format("input.memory={:.3g}%",
                      std::strtod(memory.c_str(), nullptr) / static_cast<double>(jobs))};
}

/// "0,1" and "2,3" for trials of two ranks.
std::vector<std::string> group_gpus(const std::vector<std::string>& gpus, std::size_t ranks) {
  std::vector<std::string> groups;
  for (std::size_t first = 0; first + ranks <= gpus.size(); first += ranks) {
    const auto begin = gpus.begin() + static_cast<std::ptrdiff_t>(first);
    groups.push_back(join_text({begin, begin + static_cast<std::ptrdiff_t>(ranks)}, ","));
  }
  if (groups.empty() && !gpus.empty()) {
    fail(ErrorKind::usage, "--gpus: {} GPUs for trials of {} ranks; each rank needs one",
         gpus.size(), ranks);
  }
  return groups;
}

/// Says once that all slots wait, so that somebody else holds whatever is open.
class WaitNotice {
 public:
  WaitNotice(std::size_t slots, std::string verb) : slots_(slots), verb_(std::move(verb)) {}

  void sleep(milliseconds time) {
    const bool all = ++waiting_ == slots_;
    if (all && time >= kNoticeableWait) std::call_once(told_, [this] { tell(); });
    std::this_thread::sleep_for(time);
    --waiting_;
  }

 private:
  void tell() const {
    log_info(
        "waits: others hold all trials that are open, such as another 'parlando {0} run', a job, "
        "or "
        "a training that outlived its worker; 'parlando {0} status' shows the workers",
        verb_);
  }

  std::size_t slots_;
  std::string verb_;
  std::atomic<std::size_t> waiting_ = 0;
  std::once_flag told_;
};

/// Works with one slot until nothing is open, or somebody stops.
void work(Worker& worker, ProgressLines& lines, WaitNotice& notice) {
  milliseconds wait = kShortWait;
  for (;;) {
    switch (worker.step([&](const JobReport& report) { lines.tell(report); })) {
      case Worker::Step::complete:
      case Worker::Step::stopped:
        return;
      case Worker::Step::worked:
        wait = kShortWait;
        break;
      case Worker::Step::waiting:
        notice.sleep(wait);
        wait = std::min(wait * 2, kLongWait);
        break;
    }
  }
}

}  // namespace

std::vector<int> own_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<std::size_t>(core), &set)) cores.push_back(core);
  }
  cores.resize(std::min(cores.size(), static_cast<std::size_t>(available_cores())));
  return cores;
}

std::vector<Slot> make_slots(const Sweep& sweep, const LocalRunOptions& options,
                             const std::vector<int>& cores) {
  const TrialConfig& trial = sweep.config.trial;
  const auto needed = static_cast<std::size_t>(trial.ranks * trial.threads);
  std::size_t jobs = static_cast<std::size_t>(options.jobs);
  // A GPU for each rank of a trial.
  const std::vector<std::string> groups =
      group_gpus(options.gpus, static_cast<std::size_t>(trial.ranks));
  const std::size_t on_gpus = groups.size() * static_cast<std::size_t>(options.jobs_per_gpu);
  if (on_gpus > 0 && jobs > on_gpus) {
    fail(ErrorKind::usage,
         "--jobs {}: trials of {} rank(s) on {} GPUs, {} at a time on each, are at most {}", jobs,
         trial.ranks, options.gpus.size(), options.jobs_per_gpu, on_gpus);
  }
  if (jobs == 0) jobs = on_gpus > 0 ? on_gpus : std::max<std::size_t>(1, cores.size() / needed);
  const bool pin = options.pin && jobs * needed <= cores.size();
  if (options.pin && !pin) {
    log_warning("{} jobs of {} cores on {} cores: trials share cores and are not pinned", jobs,
                needed, cores.size());
  }
  const std::vector<std::string> memory = memory_share(sweep, jobs);
  std::vector<Slot> slots(jobs);
  for (std::size_t i = 0; i < jobs; ++i) {
    Slot& slot = slots[i];
    if (pin) {
      const auto first = cores.begin() + static_cast<std::ptrdiff_t>(i * needed);
      slot.cores.assign(first, first + static_cast<std::ptrdiff_t>(needed));
    }
    if (on_gpus > 0) {
      slot.environment["CUDA_VISIBLE_DEVICES"] = groups[i % groups.size()];
    }
    if (trial.ranks > 1) {
      slot.launcher = {"mpirun",    "-np",  std::to_string(trial.ranks),
                       "--bind-to", "none", "--oversubscribe"};
    }
    slot.keys = memory;
    slot.keys.push_back(fmt::format("threads={}", trial.threads));
  }
  return slots;
}

void run_locally(const Sweep& sweep, const LocalRunOptions& options, const StopRequest& stop) {
  const std::vector<Slot> slots = make_slots(sweep, options, own_cores());
  const int round = begin_round(sweep, "run");
  ProgressLines lines(sweep, slots.size(), round);
  WaitNotice notice(slots.size(), sweep.verb);
  std::mutex mutex;
  std::exception_ptr failure;
  {
    std::vector<std::jthread> threads;
    for (const Slot& slot : slots) {
      threads.emplace_back([&, slot] {
        try {
          Worker worker(sweep, slot, round, {}, stop);
          work(worker, lines, notice);
        } catch (...) {
          const std::scoped_lock lock(mutex);
          failure = std::current_exception();
        }
      });
    }
  }
  if (failure) std::rethrow_exception(failure);
  if (stop.requested()) {
    fail(ErrorKind::stopped,
         "stopped on request; trials that were running have checkpoints, run the same command "
         "again to continue");
  }
}

}  // namespace parlando::sweep
