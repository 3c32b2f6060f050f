#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace parlando {

/// Why a program ends early. The value is the exit code that users and scripts see.
enum class ErrorKind {
  usage = 2,        ///< wrong option, key or value
  data = 3,         ///< defective input: a clip, a label, a split
  artefact = 4,     ///< a damaged or incompatible file of ours, or one that can't be written
  distributed = 5,  ///< a rank or a collective failed
  internal = 70,    ///< a bug
  stopped = 85,     ///< checkpointed on request; run the same command again to continue
};

/// The one exception type. The message says what is wrong, where (file, clip, key, line) and what
/// to do.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  ErrorKind kind() const { return kind_; }
  int exit_code() const { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
};

/// Throws Error(kind) with a formatted message.
template <class... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace parlando
