#pragma once

#include <string>

#include "preprocess/pipeline/worker.h"

namespace parlando::preprocess {

/// "2/4" as --shard gives it; "" takes the rank and number of processes that srun, mpirun or
/// torchrun set. Throws Error(usage) if it can't be.
Worker choose_worker(const std::string& shard);

}  // namespace parlando::preprocess
