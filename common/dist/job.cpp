#include "common/dist/job.h"

#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/dist/peer_process.h"

namespace parlando::dist {
namespace {

std::string as_file_name(std::string text) {
  for (char& c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') c = '_';
  }
  return text;
}

std::int64_t count_or_zero(const std::optional<std::string>& text) {
  return text ? std::strtoll(text->c_str(), nullptr, 10) : 0;
}

}  // namespace

JobStart detect_job(const EnvironmentLookup& lookup) {
  JobStart start;
  std::vector<std::string> launch;
  if (const auto id = lookup("SLURM_JOB_ID")) {
    start.job = "slurm-" + *id;
    start.restart = count_or_zero(lookup("SLURM_RESTART_COUNT"));
    launch.push_back(fmt::format("{}.{}.{}", start.job, start.restart,
                                 lookup("SLURM_STEP_ID").value_or("batch")));
  }
  if (const auto name_space = lookup("PMIX_NAMESPACE")) launch.push_back("pmix-" + *name_space);
  if (const auto run = lookup("TORCHELASTIC_RUN_ID")) {
    launch.push_back(
        fmt::format("torchrun-{}.{}", *run, lookup("TORCHELASTIC_RESTART_COUNT").value_or("0")));
  } else if (lookup("RANK") && lookup("MASTER_PORT")) {
    launch.push_back("port-" + *lookup("MASTER_PORT"));
  }
  if (launch.empty()) {
    const PeerProcess self = this_process();
    launch.push_back(fmt::format("{}-{}", self.host, self.pid));
  }
  start.launch = as_file_name(join_text(launch, "-"));
  if (start.job.empty()) start.job = start.launch;
  return start;
}

JobStart detect_job() {
  return detect_job([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  });
}

}  // namespace parlando::dist
