#pragma once

#include <filesystem>
#include <string>

#include "train/run/run_folder.h"

namespace parlando::train {

/// How the run in a folder differs from the one asked for, on one line: "configuration: seed is 5
/// there and 6 here". Of many keys the first ones.
std::string describe_difference(const std::filesystem::path& folder, const RunIdentity& there,
                                const RunRequest& here);

}  // namespace parlando::train
