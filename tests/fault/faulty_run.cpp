#include "tests/fault/faulty_run.h"

namespace parlando::test {

ProcessResult faulty_run(const SmallDataset& data, const std::filesystem::path& run, int ranks,
                         const std::vector<std::string>& overrides, const std::string& fault) {
  std::vector<std::string> command = ranks > 1 ? mpirun(ranks) : std::vector<std::string>{};
  std::vector<std::string> train = data.train_command(run, overrides);
  train.front() =
      (std::filesystem::path(program("")).parent_path().parent_path() / "tests" / "faulty_train")
          .string();
  command.insert(command.end(), train.begin(), train.end());
  ProcessOptions options = mpi_options();
  if (!fault.empty()) options.environment["PARLANDO_TEST_FAULT"] = fault;
  return run_process(command, options);
}

std::map<std::string, std::filesystem::path> checkpoints_of(const std::filesystem::path& run) {
  std::map<std::string, std::filesystem::path> found;
  if (!std::filesystem::exists(run / "checkpoints")) return found;
  for (const auto& entry : std::filesystem::directory_iterator(run / "checkpoints")) {
    const std::string name = entry.path().filename().string();
    const std::size_t start = name.find("-start-");
    if (name.find(".tmp-") != std::string::npos || start == std::string::npos ||
        !std::filesystem::exists(entry.path() / "DONE")) {
      continue;
    }
    std::filesystem::path& last = found[name.substr(0, start)];
    last = std::max(last, entry.path());
  }
  return found;
}

}  // namespace parlando::test
