#include "common/dist/launch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>

#include "common/core/error.h"

namespace parlando::dist {
namespace {

// Ports above those of services and below those that systems give to clients.
constexpr int kFirstPort = 15000;
constexpr int kPorts = 15000;
// A restart of a job has another port: ranks that were left behind must not meet its own.
constexpr int kPortsToTheNextRestart = 4001;

int number(const EnvironmentLookup& lookup, const std::string& name, std::optional<int> fallback) {
  const std::optional<std::string> text = lookup(name);
  if (!text && fallback) return *fallback;
  if (!text) fail(ErrorKind::usage, "{} is not set, but the launcher's other variables are", name);
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 0) {
    fail(ErrorKind::usage, "{}='{}' is not a number", name, *text);
  }
  return value;
}

LaunchEnvironment checked(LaunchEnvironment environment) {
  const LaunchEnvironment& e = environment;
  if (e.world_size < 1 || e.rank >= e.world_size || e.local_rank >= std::max(1, e.local_size) ||
      e.local_size > e.world_size) {
    fail(ErrorKind::usage, "{} says rank {} of {} (local {} of {}), which cannot be", e.launcher,
         e.rank, e.world_size, e.local_rank, e.local_size);
  }
  return environment;
}

/// RANK and WORLD_SIZE, where they are set, must not say something else than the launcher.
void require_agreement(const EnvironmentLookup& lookup, const LaunchEnvironment& launch) {
  if (!lookup("RANK") || !lookup("WORLD_SIZE")) return;
  const int rank = number(lookup, "RANK", {});
  const int size = number(lookup, "WORLD_SIZE", {});
  if (rank == launch.rank && size == launch.world_size) return;
  fail(ErrorKind::usage,
       "RANK={} and WORLD_SIZE={} contradict {}, which says rank {} of {}; unset them or use one "
       "launcher",
       rank, size, launch.launcher, launch.rank, launch.world_size);
}

// SLURM_STEP_TASKS_PER_NODE: "4", "2(x3)" or "2(x3),1"; the largest count is what matters for
// threads.
int tasks_per_node(const std::string& text) {
  int largest = 1;
  for (std::size_t i = 0; i < text.size();) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), value);
    if (error == std::errc()) largest = std::max(largest, value);
    i = std::min(text.find(',', i), text.size() - 1) + 1;
  }
  return largest;
}

/// The first of SLURM's host list: "a[03-05,9]-x,b" -> "a03-x".
std::string first_host(const std::string& list) {
  const std::size_t open = list.find_first_of("[,");
  if (open == std::string::npos || list[open] == ',') return list.substr(0, open);
  const std::size_t number_end = list.find_first_of("-,]", open);
  const std::size_t close = list.find(']', open);
  if (close == std::string::npos)
    fail(ErrorKind::usage, "SLURM_STEP_NODELIST='{}' is not a host list", list);
  const std::size_t end = std::min(list.find(',', close), list.size());
  return list.substr(0, open) + list.substr(open + 1, number_end - open - 1) +
         list.substr(close + 1, end - close - 1);
}

/// 0 if it is not set.
int port_number(const EnvironmentLookup& lookup) {
  const int port = number(lookup, "MASTER_PORT", 0);
  if (port > 65534) fail(ErrorKind::usage, "MASTER_PORT={} is not a port", port);
  return port;
}

int port_of_step(const EnvironmentLookup& lookup) {
  const std::int64_t job = number(lookup, "SLURM_JOB_ID", 0);
  const std::int64_t restart = number(lookup, "SLURM_RESTART_COUNT", 0);
  const std::int64_t start =
      job * 16 + restart * kPortsToTheNextRestart + number(lookup, "SLURM_STEP_ID", 0);
  return kFirstPort + static_cast<int>(start % kPorts);
}

LaunchEnvironment from_mpirun(const EnvironmentLookup& lookup) {
  const int local_rank = number(lookup, "OMPI_COMM_WORLD_LOCAL_RANK", 0);
  return {.rank = number(lookup, "OMPI_COMM_WORLD_RANK", {}),
          .world_size = number(lookup, "OMPI_COMM_WORLD_SIZE", {}),
          .local_rank = local_rank,
          .local_size = number(lookup, "OMPI_COMM_WORLD_LOCAL_SIZE", local_rank + 1),
          .launcher = "mpirun",
          .rendezvous = Rendezvous::mpi};
}

LaunchEnvironment from_srun(const EnvironmentLookup& lookup) {
  const int local_rank = number(lookup, "SLURM_LOCALID", 0);
  LaunchEnvironment launch{
      .rank = number(lookup, "SLURM_PROCID", {}),
      .world_size = number(lookup, "SLURM_STEP_NUM_TASKS", number(lookup, "SLURM_NTASKS", 1)),
      .local_rank = local_rank,
      .local_size = std::max(local_rank + 1,
                             tasks_per_node(lookup("SLURM_STEP_TASKS_PER_NODE").value_or("1"))),
      .launcher = "srun",
      .rendezvous = Rendezvous::mpi};
  if (lookup("PMIX_RANK") || launch.world_size == 1) return launch;
  launch.rendezvous = Rendezvous::tcp;
  launch.root_host =
      lookup("MASTER_ADDR")
          .value_or(first_host(
              lookup("SLURM_STEP_NODELIST").value_or(lookup("SLURM_JOB_NODELIST").value_or(""))));
  launch.root_port = lookup("MASTER_PORT") ? port_number(lookup) : port_of_step(lookup);
  return launch;
}

LaunchEnvironment from_variables(const EnvironmentLookup& lookup) {
  const int local_rank = number(lookup, "LOCAL_RANK", 0);
  LaunchEnvironment launch{.rank = number(lookup, "RANK", {}),
                           .world_size = number(lookup, "WORLD_SIZE", {}),
                           .local_rank = local_rank,
                           .local_size = number(lookup, "LOCAL_WORLD_SIZE", local_rank + 1),
                           .launcher = "torchrun",
                           .rendezvous = Rendezvous::none};
  if (launch.world_size == 1) return launch;
  launch.rendezvous = Rendezvous::tcp;
  launch.root_host = lookup("MASTER_ADDR").value_or("");
  launch.root_port = port_number(lookup);
  // torchrun listens on MASTER_PORT itself, unless its ranks are to do it.
  if (launch.root_port > 0 && lookup("TORCHELASTIC_USE_AGENT_STORE") == "True") ++launch.root_port;
  return launch;
}

}  // namespace

LaunchEnvironment detect_launch(const EnvironmentLookup& lookup) {
  LaunchEnvironment launch;
  if (lookup("OMPI_COMM_WORLD_RANK")) {
    launch = from_mpirun(lookup);
    require_agreement(lookup, launch);
  } else if (!lookup("TORCHELASTIC_RUN_ID") && lookup("SLURM_STEP_ID") && lookup("SLURM_PROCID")) {
    launch = from_srun(lookup);
    require_agreement(lookup, launch);
  } else if (lookup("RANK") || lookup("WORLD_SIZE")) {
    launch = from_variables(lookup);
  }
  return checked(launch);
}

bool is_launch_variable(const std::string& name) {
  constexpr std::array kPrefixes{"OMPI_COMM_WORLD_", "OMPI_UNIVERSE_", "PMIX_", "PMI_",
                                 "SLURM_STEP",       "TORCHELASTIC_"};
  constexpr std::array kNames{"SLURM_PROCID", "SLURM_LOCALID", "SLURM_TASK_PID",
                              "RANK",         "WORLD_SIZE",    "LOCAL_WORLD_SIZE",
                              "LOCAL_RANK",   "MASTER_ADDR",   "MASTER_PORT"};
  return std::ranges::any_of(kPrefixes, [&](const char* p) { return name.starts_with(p); }) ||
         std::ranges::any_of(kNames, [&](const char* n) { return name == n; });
}

LaunchEnvironment detect_launch() {
  return detect_launch([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  });
}

}  // namespace parlando::dist
