#include <iostream>

#include "common/config/command_line.h"
#include "common/core/program.h"
#include "common/io/json.h"
#include "train/verbs/doctor_checks.h"

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
  }
  return "";
}

void print_table(const std::vector<Check>& checks) {
  std::string group;
  for (const Check& check : checks) {
    if (check.group != group) std::cout << check.group << "\n";
    group = check.group;
    std::cout << fmt::format("  {:<24} {}{}\n", check.name, check.value,
                             check.verdict == Verdict::warning ? "  <- " + check.advice : "");
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

}  // namespace
}  // namespace parlando::train

int main(int argc, char** argv) {
  using namespace parlando;
  return run_program("parlando-doctor", [&] {
    bool json = false;
    CommandLine line("doctor",
                     "Says what this build and this machine can do: versions, devices, launch "
                     "environment, limits.",
                     "parlando doctor --json");
    line.app().add_flag("--json", json, "print JSON");
    if (const std::optional<int> code = line.parse(argc, argv)) return *code;
    const std::vector<train::Check> checks = train::run_checks();
    if (json) {
      train::print_json(checks);
    } else {
      train::print_table(checks);
    }
    return 0;
  });
}
