#include "common/core/signals.h"

#include <array>
#include <atomic>
#include <csignal>

#include <unistd.h>

namespace parlando {
namespace {

// A handler can reach static storage only; StopRequest is the one owner.
std::atomic<int> received_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free);

constexpr std::array kSignals{SIGINT, SIGTERM, SIGUSR1, SIGUSR2};

void on_signal(int signal) {
  // Schedulers repeat TERM, and send USR1 beside it: only a person presses Ctrl-C twice.
  if (received_signal.exchange(signal) != 0 && signal == SIGINT) _exit(128 + signal);
}

void install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

}  // namespace

StopRequest::StopRequest() {
  received_signal = 0;
  install(on_signal);
}

StopRequest::~StopRequest() {
  install(SIG_DFL);
}

int StopRequest::signal() const {
  return received_signal;
}

}  // namespace parlando
