#include "experiments/sweep/submit/batch_scripts.h"

#include <array>
#include <cstdlib>

#include "common/core/error.h"
#include "common/core/this_process.h"

namespace parlando::sweep {
namespace {

namespace fs = std::filesystem;

/// slurm/ in the source, or beside the configurations where it is installed.
constexpr std::array kFolders{"slurm", "share/parlando/slurm"};

bool holds_scripts(const fs::path& home) {
  for (const char* folder : kFolders) {
    if (fs::exists(home / folder / "sweep.sbatch")) return true;
  }
  return false;
}

}  // namespace

fs::path parlando_home() {
  if (const char* given = std::getenv("PARLANDO_HOME"); given != nullptr && *given != '\0')
    return fs::absolute(given).lexically_normal();
  // build/bin in the source, bin where it is installed.
  const fs::path bin = fs::absolute(sibling_program("parlando-sweep")).parent_path();
  for (const fs::path& home : {bin.parent_path().parent_path(), bin.parent_path()}) {
    if (holds_scripts(home)) return home;
  }
  return bin.parent_path();
}

fs::path batch_script(const std::string& name) {
  const fs::path home = parlando_home();
  for (const char* folder : kFolders) {
    const fs::path script = home / folder / name;
    if (fs::exists(script)) return script;
  }
  fail(ErrorKind::usage,
       "no slurm/{} below {}: set PARLANDO_HOME to the folder that holds slurm/, or slurm.script",
       name, home.string());
}

}  // namespace parlando::sweep
