#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <unistd.h>

#include "common/dist/launch.h"
#include "train/verbs/train_program.h"

/// parlando-train, to which something happens at one operation of one rank:
///
///     PARLANDO_TEST_FAULT="kill 1 2 3 training step"
///
/// that is KIND RANK EPOCH STEP OPERATION, with epoch and step from 1, or 0 where the operation
/// lies in none. KIND is kill, stop, throw, sleep, exit or usr1; or "slow500", which waits 500 ms
/// every time that the operation is entered, whatever epoch and step.
namespace parlando::test {
namespace {

constexpr std::string_view kSlow = "slow";

struct Fault {
  std::string kind;
  int rank = 0;
  dist::Activity at;
};

Fault parse(const std::string& text) {
  Fault fault;
  std::istringstream words(text);
  words >> fault.kind >> fault.rank >> fault.at.epoch >> fault.at.step >> std::ws;
  std::getline(words, fault.at.operation);
  if (!words) throw std::runtime_error("PARLANDO_TEST_FAULT='" + text + "' is no fault");
  return fault;
}

void happen(const std::string& kind) {
  if (kind == "kill") raise(SIGKILL);
  if (kind == "stop") raise(SIGSTOP);
  if (kind == "usr1") raise(SIGUSR1);
  if (kind == "throw") throw std::runtime_error("thrown by a test");
  if (kind == "sleep") std::this_thread::sleep_for(std::chrono::hours(1));
  if (kind == "exit") _exit(0);
  if (kind.starts_with(kSlow)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(kind.substr(kSlow.size()))));
  }
}

train::OperationObserver observer() {
  const char* text = std::getenv("PARLANDO_TEST_FAULT");
  if (text == nullptr) return {};
  const Fault fault = parse(text);
  if (dist::detect_launch().rank != fault.rank) return {};
  return [fault](const dist::Activity& entered) {
    const bool here = entered.epoch == fault.at.epoch && entered.step == fault.at.step;
    if (entered.operation == fault.at.operation && (here || fault.kind.starts_with(kSlow))) {
      happen(fault.kind);
    }
  };
}

}  // namespace
}  // namespace parlando::test

int main(int argc, char** argv) {
  return parlando::train::run_train_program(argc, argv, parlando::test::observer());
}
