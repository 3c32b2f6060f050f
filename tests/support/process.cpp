#include "tests/support/process.h"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "common/core/child_process.h"

namespace parlando::test {
namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) {
    throw std::runtime_error(std::string(name) + " is not set; run this through ctest");
  }
  return value;
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& command, const ProcessOptions& options) {
  ChildResult result = run_child(command, {.environment = options.environment,
                                           .folder = options.folder,
                                           .timeout_seconds = options.timeout_seconds});
  return {.exit_code = result.exit_code,
          .pid = result.pid,
          .out = std::move(result.output),
          .err = std::move(result.errors)};
}

std::string program(const std::string& name) {
  return from_environment("PARLANDO_BIN") + "/" + name;
}

ProcessResult parlando(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  std::vector<std::string> command{program("parlando")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_process(command, options);
}

std::filesystem::path source_path(const std::filesystem::path& relative) {
  return std::filesystem::path(from_environment("PARLANDO_SOURCE")) / relative;
}

}  // namespace parlando::test
