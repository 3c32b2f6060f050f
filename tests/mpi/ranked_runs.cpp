#include "tests/mpi/ranked_runs.h"

#include <cstdint>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "tests/support/process.h"

namespace parlando::test {

std::vector<Json> json_lines(const std::filesystem::path& path) {
  std::vector<Json> lines;
  for (const std::string& line : split_text(read_file(path), '\n')) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

std::vector<double> losses_of(const std::filesystem::path& run) {
  std::vector<double> losses;
  for (const Json& line : json_lines(run / "steps.jsonl")) losses.push_back(line["loss"]);
  return losses;
}

std::filesystem::path RankedRuns::train(const std::string& name, int ranks,
                                        const std::vector<std::string>& overrides) const {
  return start(name, ranks > 1 ? mpirun(ranks) : std::vector<std::string>{}, overrides);
}

std::filesystem::path RankedRuns::start(const std::string& name, std::vector<std::string> command,
                                        const std::vector<std::string>& overrides) const {
  const std::filesystem::path run = data_.folder() / name;
  const std::vector<std::string> train = data_.train_command(run, overrides);
  command.insert(command.end(), train.begin(), train.end());
  const ProcessResult result = run_process(command, mpi_options());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return run;
}

std::vector<std::string> RankedRuns::recipe(const std::vector<std::string>& more) const {
  std::vector<std::string> options = all_recipe_options();
  options.insert(options.end(), {"threads=1", "log_steps=true"});
  std::vector<std::string> probe = options;
  probe.emplace_back("epochs=1");
  std::int64_t samples = 0;
  for (const Json& line : json_lines(train("probe", 1, probe) / "steps.jsonl"))
    samples += line["samples"].get<std::int64_t>();
  std::int64_t size = 5;
  while (size % 2 == 0 || size % 3 == 0 || samples % size == 0 || samples % size > 2) ++size;
  options.push_back("batch_size=" + std::to_string(size));
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

}  // namespace parlando::test
