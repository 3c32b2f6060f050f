#pragma once

#include <map>
#include <mutex>
#include <string>

#include "experiments/sweep/folder/sweep_folder.h"
#include "experiments/sweep/work/worker.h"

namespace parlando::sweep {

/// A line on stderr for each job that ends: what it reached, the best so far, what is open.
/// Thread-safe.
class ProgressLines {
 public:
  ProgressLines(const Sweep& sweep, std::size_t jobs, int round);

  void tell(const JobReport& report);

 private:
  std::string place(const JobReport& report);
  std::string best_so_far() const;

  const Sweep& sweep_;
  int round_;
  std::mutex mutex_;
  SweepState state_;
  std::map<std::string, int> errors_;  ///< and the first trial that had each
};

}  // namespace parlando::sweep
