#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace parlando {

enum class LogLevel { debug, info, warning, error };

/// Writes one line for people to stderr, and to the file of open_log_file(). Thread-safe.
void write_log(LogLevel level, const std::string& message);

/// Lines below this level are kept from stderr; ranks other than 0 use LogLevel::error.
void set_log_level(LogLevel level);

/// From here on every line of every level is appended to this file too, with its time (UTC),
/// and is handed to the system before the call returns, so that a kill loses none. Not while others
/// write lines. Throws Error(artefact) naming the file if it can't be opened.
void open_log_file(const std::filesystem::path& path);

template <class... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  write_log(LogLevel::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  write_log(LogLevel::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  write_log(LogLevel::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  write_log(LogLevel::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace parlando
