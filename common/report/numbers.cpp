#include "common/report/numbers.h"

#include <cmath>

#include <fmt/format.h>

namespace parlando::report {
namespace {

constexpr const char* kNarrowSpace = "\u202f";

}  // namespace

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.1f}", 100 * share) : "-";
}

std::string grouped(std::int64_t value) {
  const std::string digits = std::to_string(value < 0 ? -value : value);
  std::string text = value < 0 ? "-" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0 && digits.size() > 4) text += kNarrowSpace;
    text += digits[i];
  }
  return text;
}

std::string compact(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : "-";
}

std::string readable_duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "-";
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string counted(std::int64_t n, const std::string& singular, const std::string& plural) {
  return fmt::format("{} {}", grouped(n), n == 1 ? singular : plural);
}

}  // namespace parlando::report
