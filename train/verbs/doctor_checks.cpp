#include "train/verbs/doctor_checks.h"

#include <array>
#include <cstdlib>
#include <fstream>

#include <hdf5.h>
#include <mpi.h>
#include <sys/resource.h>
#include <torch/version.h>
#include <unistd.h>

#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/core/version.h"
#include "common/dist/launch.h"
#include "common/dist/nccl_communicator.h"
#include "common/dist/placement.h"
#include "train/run/device.h"
#include "train/torch.h"

namespace parlando::train {
namespace {

std::string mpi_version() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  return split_text(text.data(), ',').front();
}

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

std::string cpu_field(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (line.starts_with(key) && colon != std::string::npos)
      return line.substr(std::min(colon + 2, line.size()));
  }
  return "unknown";
}

std::string vector_units() {
  const std::string flags = " " + cpu_field("flags") + " ";
  std::vector<std::string> found;
  for (const std::string name : {"avx2", "fma", "avx512f", "avx512_bf16"}) {
    if (flags.find(" " + name + " ") != std::string::npos) found.push_back(name);
  }
  return found.empty() ? "none known" : join_text(found, " ");
}

double memory_gib() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)) /
         0x1p30;
}

/// 0 if the variable is not set.
std::int64_t number_of(const char* variable) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoll(text, nullptr, 10) : 0;
}

Check launch_check() {
  try {
    const dist::LaunchEnvironment launch = dist::detect_launch();
    return {"launch", "this process",
            fmt::format("rank {} of {} ({})", launch.rank, launch.world_size, launch.launcher)};
  } catch (const Error& error) {
    return {"launch", "this process", error.what(), Verdict::warning,
            "unset the variables or start again with one launcher"};
  }
}

Check cuda_check() {
  if (!dist::has_nccl()) {
    return {"devices", "CUDA", "this build has none; the CPU trains", Verdict::information, ""};
  }
  const int devices = cuda_device_count();
  if (devices > 0)
    return {"devices", "CUDA", fmt::format("{} devices", devices), Verdict::good, ""};
  return {"devices", "CUDA", "built in, but no device or driver here", Verdict::warning,
          "train with device=cpu"};
}

Check root_check() {
  const bool allowed = std::getenv("OMPI_ALLOW_RUN_AS_ROOT") != nullptr &&
                       std::getenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM") != nullptr;
  if (geteuid() != 0 || allowed) return {"launch", "mpirun", "may start", Verdict::good, ""};
  return {"launch", "mpirun", "refuses to run as root", Verdict::warning,
          "set OMPI_ALLOW_RUN_AS_ROOT=1 and OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"};
}

Check open_files_check() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  constexpr rlim_t kEnough = 1024;
  const bool good = limit.rlim_cur >= kEnough;
  return {"limits", "open files", fmt::format("{}", limit.rlim_cur),
          good ? Verdict::good : Verdict::warning, good ? "" : "raise it with ulimit -n 1024"};
}

Check threads_check() {
  const char* threads = std::getenv("OMP_NUM_THREADS");
  return {"limits", "OMP_NUM_THREADS",
          threads != nullptr ? threads : "not set (the threads key decides)", Verdict::information,
          ""};
}

}  // namespace

RankFacts facts_here() {
  const char* node = std::getenv("SLURMD_NODENAME");
  RankFacts facts{.node = node != nullptr ? node : dist::placement_here("cpu").host,
                  .versions = {{"parlando", version()},
                               {"libtorch", TORCH_VERSION},
                               {"MPI", mpi_version()},
                               {"HDF5", hdf5_version()}},
                  .processor = cpu_field("model name") + ", " + vector_units(),
                  .has_cuda = dist::has_nccl(),
                  .gpus = number_of("SLURM_GPUS_ON_NODE"),
                  .cores = available_cores(),
                  .threads = number_of("SLURM_CPUS_PER_TASK")};
  if (dist::has_nccl()) facts.versions["NCCL"] = std::to_string(dist::nccl_version());
  return facts;
}

std::vector<Check> run_checks() {
  const dist::Placement placement = dist::placement_here("cpu");
  return {{"versions", "parlando", version()},
          {"versions", "libtorch", TORCH_VERSION},
          {"versions", "MPI", mpi_version()},
          {"versions", "HDF5", hdf5_version()},
          {"machine", "processor", cpu_field("model name")},
          {"machine", "vector units", vector_units()},
          {"machine", "cores for this process", fmt::format("{}", available_cores())},
          {"machine", "memory", fmt::format("{:.1f} GiB", memory_gib())},
          cuda_check(),
          launch_check(),
          {"launch", "host", placement.host},
          {"launch", "cores", placement.cores},
          {"launch", "NUMA nodes of the cores", placement.numa_nodes},
          root_check(),
          open_files_check(),
          threads_check()};
}

}  // namespace parlando::train
