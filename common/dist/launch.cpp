#include "common/dist/launch.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "common/core/error.h"

namespace parlando::dist {
namespace {

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
  if (e.world_size < 1 || e.rank >= e.world_size || e.local_rank >= std::max(1, e.local_size)) {
    fail(ErrorKind::usage, "{} says rank {} of {} (local {} of {}), which cannot be", e.launcher,
         e.rank, e.world_size, e.local_rank, e.local_size);
  }
  return environment;
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

}  // namespace

LaunchEnvironment detect_launch(const EnvironmentLookup& lookup) {
  if (lookup("OMPI_COMM_WORLD_RANK")) {
    return checked({.rank = number(lookup, "OMPI_COMM_WORLD_RANK", {}),
                    .world_size = number(lookup, "OMPI_COMM_WORLD_SIZE", {}),
                    .local_rank = number(lookup, "OMPI_COMM_WORLD_LOCAL_RANK", 0),
                    .local_size = number(lookup, "OMPI_COMM_WORLD_LOCAL_SIZE", 1),
                    .launcher = "mpirun"});
  }
  if (lookup("SLURM_STEP_ID") && lookup("SLURM_PROCID")) {
    const int local_rank = number(lookup, "SLURM_LOCALID", 0);
    return checked(
        {.rank = number(lookup, "SLURM_PROCID", {}),
         .world_size = number(lookup, "SLURM_STEP_NUM_TASKS", number(lookup, "SLURM_NTASKS", 1)),
         .local_rank = local_rank,
         .local_size = std::max(local_rank + 1,
                                tasks_per_node(lookup("SLURM_STEP_TASKS_PER_NODE").value_or("1"))),
         .launcher = "srun"});
  }
  if (lookup("RANK") && lookup("WORLD_SIZE")) {
    return checked({.rank = number(lookup, "RANK", {}),
                    .world_size = number(lookup, "WORLD_SIZE", {}),
                    .local_rank = number(lookup, "LOCAL_RANK", 0),
                    .local_size = number(lookup, "LOCAL_WORLD_SIZE", 1),
                    .launcher = "torchrun"});
  }
  return {};
}

LaunchEnvironment detect_launch() {
  return detect_launch([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  });
}

}  // namespace parlando::dist
