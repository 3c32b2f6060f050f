#pragma once

#include <cstdint>
#include <string>

#include "common/dist/launch.h"

namespace parlando::dist {

/// Which start of which job this process belongs to.
struct JobStart {
  std::string job;           ///< the same for every start of a requeued job: "slurm-4711"
  std::int64_t restart = 0;  ///< how often the scheduler has started it again
  std::string
      launch;  ///< the same for all ranks of this start, and for no other; fit for a file's name
};

/// Reads the variables of SLURM, Open MPI (PMIx) and torchrun; without any of them the process is
/// its own job.
JobStart detect_job(const EnvironmentLookup& lookup);

/// The same from this process's environment.
JobStart detect_job();

}  // namespace parlando::dist
