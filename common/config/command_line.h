#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace parlando {

/// The command line of one verb: every program has the same look, --help with defaults and an
/// example,
/// --version, and exit code 2 for wrong usage.
class CommandLine {
 public:
  /// `verb` without "parlando-"; `example` is one whole command.
  CommandLine(const std::string& verb, const std::string& purpose, const std::string& example);

  CLI::App& app() { return app_; }

  /// Accepts any number of "key=value" arguments after the options, appended to `overrides`;
  /// `keys` is the table of describe_config<T>().
  void accept_overrides(std::vector<std::string>& overrides, const std::string& keys);

  /// Parses. Returns the exit code if the program is to end at once (--help, --version).
  /// Throws Error(usage) for a wrong option, naming the nearest valid one.
  std::optional<int> parse(int argc, const char* const* argv);

 private:
  std::string example_;
  std::string keys_;
  CLI::App app_;
};

}  // namespace parlando
