#include "tests/e2e/small_sweep.h"

#include <fmt/format.h>

namespace parlando::test {

SmallSweep::SmallSweep(const std::string& lines) {
  write_text(config(), fmt::format("train: {}\ndata: {}\n{}", data_.config().string(),
                                   data_.data().string(), lines));
}

std::filesystem::path SmallSweep::trial(int index) const {
  return out() / "trials" / fmt::format("{:04}", index);
}

std::vector<std::string> SmallSweep::run_command(const std::vector<std::string>& more) const {
  std::vector<std::string> command{program("parlando-sweep"), "run",   "--config",
                                   config().string(),         "--out", out().string()};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

ProcessResult SmallSweep::act(const std::string& action,
                              const std::vector<std::string>& more) const {
  std::vector<std::string> command{program("parlando-sweep"), action, "--out", out().string()};
  command.insert(command.end(), more.begin(), more.end());
  return run_process(command);
}

}  // namespace parlando::test
