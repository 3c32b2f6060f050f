#pragma once

#include <string>
#include <vector>

#include "experiments/sweep/folder/sweep_folder.h"
#include "experiments/sweep/work/sweep_state.h"
#include "tests/support/scratch_folder.h"

namespace parlando::sweep {

/// A sweep over batch sizes whose trials were never trained: their outcomes are put there by hand.
class MadeUpSweep {
 public:
  /// A configuration for each value; `more`: further lines of the sweep's file.
  MadeUpSweep(const std::vector<std::string>& values, const std::vector<std::uint64_t>& seeds,
              const std::string& more = "");

  const Sweep& sweep() const { return sweep_; }
  void finish(int trial, double value);
  void fail(int trial, const std::string& error, int round = 1);
  void enter(int rung, int trial, double value, int round = 1);
  std::string read(const std::string& name) const;

 private:
  test::ScratchFolder scratch_;
  Sweep sweep_;
};

}  // namespace parlando::sweep
