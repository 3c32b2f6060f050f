#pragma once

#include <filesystem>
#include <string>

#include "common/dist/communicator.h"
#include "train/verbs/check.h"

namespace parlando::train {

/// Whether all ranks can write into `folder` and see there what the others write. Called by all
/// ranks, which get the same answer. `launch`: JobStart::launch; `node`: this rank's. Leaves
/// nothing behind.
Check check_shared_folder(const std::filesystem::path& folder, const std::string& launch,
                          const std::string& node, dist::Communicator& communicator);

}  // namespace parlando::train
