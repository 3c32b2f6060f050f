#pragma once

#include <filesystem>
#include <string>

namespace parlando::sweep {

/// Where our programs and batch scripts lie: PARLANDO_HOME, else the folder above this program's
/// (of the source, or where it is installed).
std::filesystem::path parlando_home();

/// A script of slurm/ below it. Throws Error(usage) if it is not there.
std::filesystem::path batch_script(const std::string& name);

}  // namespace parlando::sweep
