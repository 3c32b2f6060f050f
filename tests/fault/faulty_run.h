#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/small_dataset.h"
#include "tests/support/process.h"

namespace parlando::test {

/// Trains with faulty_train.cpp on `ranks` ranks, with "KIND RANK EPOCH STEP OPERATION" or no
/// fault.
ProcessResult faulty_run(const SmallDataset& data, const std::filesystem::path& run, int ranks,
                         const std::vector<std::string>& overrides, const std::string& fault);

/// Complete checkpoints of a run, "epoch-0001-step-000005" by its folder. Of several starts the
/// last.
std::map<std::string, std::filesystem::path> checkpoints_of(const std::filesystem::path& run);

}  // namespace parlando::test
