#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/io/json.h"

namespace parlando::bench {

struct ScalingOptions {
  std::vector<std::string> configs;    ///< files of the training configuration
  std::filesystem::path data;          ///< dataset
  std::vector<int> ranks, threads;     ///< what to try; empty: 1, 2, 4, ... up to the cores
  int steps = 20;                      ///< timed in each run
  int repeats = 3;                     ///< runs of each layout; the median counts
  std::string launcher = "auto";       ///< "mpirun", "srun" or "auto": srun within an allocation
  std::vector<std::string> overrides;  ///< key=value of the training configuration
};

/// Measures training steps with several numbers of ranks and threads, by runs of
/// 'parlando train --profile', interleaved. Strong scaling keeps the global batch, weak scaling the
/// batch of each rank. Layouts that need more than `cores` cores are left out. Throws Error with
/// what a run said if it fails.
Json measure_scaling(const ScalingOptions& options, int cores);

/// Two tables for people.
std::string scaling_text(const Json& result);

}  // namespace parlando::bench
