#pragma once

#include <string>
#include <vector>

#include "experiments/sweep/folder/sweep_folder.h"

namespace parlando::sweep {

/// The array jobs of one `sweep submit`: which trials its elements have, and under which number
/// SLURM knows them.
struct SubmittedRound {
  int round = 0;
  std::vector<std::vector<int>> elements;  ///< trials; an empty list may take any (early stopping)

  /// A part of the elements that was one sbatch: its element i is array index i - first.
  struct ArrayJob {
    std::string id;
    int first = 0, count = 0;
  };
  std::vector<ArrayJob> jobs;
  std::string collector{};  ///< job that waits for these; "" as long as none was accepted
};

/// Adds to the file of begin_round().
void write_round(const Sweep& sweep, const SubmittedRound& round);
/// Throws Error(artefact) if there is no such round or it was not submitted.
SubmittedRound read_round(const Sweep& sweep, int round);
/// All that were submitted, the oldest first.
std::vector<SubmittedRound> submitted_rounds(const Sweep& sweep);

}  // namespace parlando::sweep
