#include "experiments/sweep/submit/work_element.h"

#include <cstdlib>

#include "common/core/error.h"
#include "experiments/sweep/submit/rounds.h"
#include "experiments/sweep/work/progress_lines.h"
#include "experiments/sweep/work/worker.h"

namespace parlando::sweep {
namespace {

/// The whole element belongs to one trial at a time.
Slot element_slot(const Sweep& sweep) {
  const TrialConfig& trial = sweep.config.trial;
  Slot slot;
  slot.keys = {fmt::format("threads={}", trial.threads)};
  if (trial.ranks == 1) return slot;
  if (std::getenv("SLURM_JOB_ID") != nullptr) {
    slot.launcher = {"srun", "--mpi=pmix", "--kill-on-bad-exit=1",
                     fmt::format("--ntasks={}", trial.ranks),
                     fmt::format("--cpus-per-task={}", trial.threads)};
  } else {
    slot.launcher = {"mpirun", "-np", std::to_string(trial.ranks), "--bind-to", "none"};
  }
  return slot;
}

}  // namespace

void work_element(const Sweep& sweep, int round, int element, const StopRequest& stop) {
  const SubmittedRound submitted = read_round(sweep, round);
  if (element < 0 || static_cast<std::size_t>(element) >= submitted.elements.size()) {
    fail(ErrorKind::usage, "--element {}: round {} has elements 0 to {}", element, round,
         submitted.elements.size() - 1);
  }
  const std::vector<int>& trials = submitted.elements[static_cast<std::size_t>(element)];
  Worker worker(sweep, element_slot(sweep), round, {trials.begin(), trials.end()}, stop);
  ProgressLines lines(sweep, 1, round);
  for (;;) {
    const Worker::Step step = worker.step([&](const JobReport& report) { lines.tell(report); });
    if (step == Worker::Step::worked) continue;
    if (step == Worker::Step::stopped) {
      fail(ErrorKind::stopped, "element {} stopped on request; its trial has a checkpoint",
           element);
    }
    return;
  }
}

}  // namespace parlando::sweep
