#include <iostream>

#include "common/config/command_line.h"
#include "common/core/error.h"
#include "common/core/program.h"
#include "common/core/text.h"
#include "common/dist/job.h"
#include "common/dist/together.h"
#include "common/io/json.h"
#include "train/verbs/doctor_checks.h"
#include "train/verbs/rank_program.h"
#include "train/verbs/shared_folder.h"

namespace parlando::train {
namespace {

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::information:
      return "";
    case Verdict::good:
      return "ok";
    case Verdict::warning:
      return "warning";
    case Verdict::bad:
      return "bad";
  }
  return "";
}

void print_table(const std::vector<Check>& checks) {
  std::string group;
  for (const Check& check : checks) {
    if (check.group != group) std::cout << check.group << "\n";
    group = check.group;
    std::cout << fmt::format("  {:<24} {}{}\n", check.name, check.value,
                             check.advice.empty() ? "" : "  <- " + check.advice);
  }
}

void print_json(const std::vector<Check>& checks) {
  Json list = Json::array();
  for (const Check& check : checks) {
    list.push_back({{"group", check.group},
                    {"name", check.name},
                    {"value", check.value},
                    {"verdict", word(check.verdict)},
                    {"advice", check.advice}});
  }
  std::cout << Json{{"checks", list}}.dump(2) << "\n";
}

void print(const std::vector<Check>& checks, bool json) {
  if (json) {
    print_json(checks);
  } else {
    print_table(checks);
  }
}

struct Arguments {
  bool json = false;
  bool job = false;
  std::vector<std::string> shared;
};

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CommandLine line("doctor",
                   "Says what this build and this machine can do: versions, devices, launch "
                   "environment, limits. With --job, whether the nodes of a job fit together.",
                   "parlando doctor --json\n"
                   "  srun --mpi=pmix parlando doctor --job --shared /scratch/runs");
  line.app().add_flag("--json", arguments.json, "print JSON");
  CLI::Option* job = line.app().add_flag(
      "--job", arguments.job,
      "on all ranks of a job: tasks and GPUs, versions, clocks; exit code 2 if they do not fit");
  line.app()
      .add_option("--shared", arguments.shared, "folders that all nodes have to share")
      ->type_name("DIR")
      ->needs(job);
  return line.parse(argc, argv);
}

/// Ends with exit code 2, naming what does not fit.
void check_job(const Arguments& arguments, dist::Communicator& group) {
  const RankFacts own = facts_here();
  std::vector<Check> checks = judge_job(gather_facts(group, own));
  const std::string launch = dist::detect_job().launch;
  checks.insert(checks.begin() + 1, {"job", "connected by", group.backend()});
  for (const std::string& folder : arguments.shared)
    checks.push_back(check_shared_folder(folder, launch, own.node, group));
  if (group.is_root()) print(checks, arguments.json);
  std::vector<std::string> bad;
  for (const Check& check : checks) {
    if (check.verdict == Verdict::bad) bad.push_back(check.name);
  }
  if (bad.empty()) return;
  dist::fail_together(group, ErrorKind::usage,
                      "this job does not fit: " + join_text(bad, ", ") + " (see the table)");
}

/// Longer than any node should need to start a program and to answer.
constexpr double kTimeoutSeconds = 120;

}  // namespace
}  // namespace parlando::train

int main(int argc, char** argv) {
  using namespace parlando;
  train::Arguments arguments;
  const int parsed = run_program("parlando-doctor", [&] {
    const std::optional<int> code = train::parse(argc, argv, arguments);
    if (code) arguments.job = false;
    if (code || arguments.job) return code.value_or(0);
    train::print(train::run_checks(), arguments.json);
    return 0;
  });
  if (parsed != 0 || !arguments.job) return parsed;
  return train::run_rank_program("parlando-doctor", [&](const dist::LaunchEnvironment&) {
    return train::RankBody{
        .first_timeout_seconds = train::kTimeoutSeconds,
        .timeout_seconds = train::kTimeoutSeconds,
        .board = {},
        .body = [&](const train::RankContext& rank) { train::check_job(arguments, rank.host); }};
  });
}
