#include "common/core/log.h"

#include <memory>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "common/core/error.h"

namespace parlando {
namespace {

struct Logger {
  std::shared_ptr<spdlog::sinks::sink> terminal =
      std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  spdlog::logger lines{"parlando", terminal};

  Logger() {
    terminal->set_pattern("%^%v%$");
    terminal->set_level(spdlog::level::info);
    lines.set_level(spdlog::level::debug);
    lines.flush_on(spdlog::level::debug);
  }
};

Logger& logger() {
  static Logger instance;
  return instance;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void write_log(LogLevel level, const std::string& message) {
  const char* prefix = level == LogLevel::warning ? "warning: "
                       : level == LogLevel::error ? "error: "
                                                  : "";
  logger().lines.log(to_spdlog(level), "{}{}", prefix, message);
}

void set_log_level(LogLevel level) {
  logger().terminal->set_level(to_spdlog(level));
}

void open_log_file(const std::filesystem::path& path) {
  try {
    const auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    file->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc));
    logger().lines.sinks() = {logger().terminal, file};
  } catch (const spdlog::spdlog_ex& error) {
    fail(ErrorKind::artefact, "{}: cannot open the log: {}", path.string(), error.what());
  }
}

}  // namespace parlando
