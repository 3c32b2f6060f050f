#pragma once

#include <csignal>
#include <functional>
#include <thread>
#include <utility>

namespace parlando::dist {

/// A thread that takes no signals, so that they reach the program's own threads.
inline std::thread background_thread(std::function<void()> body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(body));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace parlando::dist
