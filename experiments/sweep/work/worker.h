#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/core/background_process.h"
#include "common/core/signals.h"
#include "common/io/file_lock.h"
#include "experiments/sweep/folder/sweep_folder.h"
#include "experiments/sweep/work/sweep_state.h"

namespace parlando::sweep {

/// Where a worker's trials run.
struct Slot {
  std::vector<int> cores;                          ///< pinned to; empty = all of this process
  std::map<std::string, std::string> environment;  ///< CUDA_VISIBLE_DEVICES and the like
  std::vector<std::string> launcher;  ///< before parlando-train where a trial has several ranks
  std::vector<std::string> keys;      ///< key=value for every trial; those of the sweep win
};

/// What became of a job.
struct JobReport {
  Job job;
  Outcome outcome;
  bool paused = false;  ///< it came to its rung, and others will tell whether it goes on
};

/// Takes trials one after the other and trains each in a process of its own. Any number of workers
/// may work on a sweep, in threads, processes and on machines that share its folder: a lock on the
/// trial's folder keeps them apart, and lasts as long as the training, which may outlive a worker
/// that is killed. A trial that was cut off goes on from its checkpoint.
class Worker {
 public:
  enum class Step {
    worked,    ///< a job was done, or begun by another
    waiting,   ///< others work on all that is open
    complete,  ///< nothing is open
    stopped,   ///< on request; the trial has a checkpoint
  };

  /// `only`: the trials it may take; empty = all. References must outlive the object.
  Worker(const Sweep& sweep, Slot slot, int round, std::set<int> only, const StopRequest& stop);

  /// Does one job. `on_end` is told how it ended. Throws Error if the folder can't be written;
  /// trials that fail are outcomes, not errors.
  Step step(const std::function<void(const JobReport&)>& on_end);

 private:
  std::unique_ptr<FolderLock> claim(int trial) const;
  bool still_open(const Job& job);
  Step work(const Job& job, const FolderLock& lock,
            const std::function<void(const JobReport&)>& on_end);
  bool make_dataset(const Trial& trial, const FolderLock& lock);
  std::vector<std::string> train_command(const Job& job) const;
  std::optional<int> run(const std::vector<std::string>& command, const std::filesystem::path& log,
                         int trial, const std::vector<const FolderLock*>& locks);
  void hand_over(const Trial& trial, JobReport& report) const;
  JobReport conclude(const Job& job, int exit_code) const;
  JobReport failure(const Job& job, int exit_code, const std::string& error) const;

  const Sweep& sweep_;
  Slot slot_;
  int round_;
  std::set<int> only_;
  const StopRequest& stop_;
  SweepState state_;
  std::map<std::string, std::string> failed_datasets_;  ///< hash -> error
};

}  // namespace parlando::sweep
