#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/dist/communicator.h"
#include "train/verbs/check.h"

namespace parlando::train {

/// What decides whether a rank fits to the others of its job.
struct RankFacts {
  std::string node;                             ///< SLURM's name, else the host's
  std::map<std::string, std::string> versions;  ///< of the program and its libraries, by name
  std::string processor;                        ///< model and vector units
  bool has_cuda = false;                        ///< built in
  std::int64_t gpus = 0;      ///< that SLURM gave to this step on this node; 0: none asked for
  std::int64_t cores = 0;     ///< that this process may run on
  std::int64_t threads = 0;   ///< that SLURM gives to this task; 0: not said
  std::int64_t clock_ms = 0;  ///< since 1970, taken at the same moment on all ranks
};

/// Those of every rank, known to all ranks; takes the clocks right after a barrier.
std::vector<RankFacts> gather_facts(dist::Communicator& communicator, RankFacts own);

/// Tasks against GPUs and cores, clocks, versions and processors of all nodes, in rank order.
std::vector<Check> judge_job(const std::vector<RankFacts>& ranks);

}  // namespace parlando::train
