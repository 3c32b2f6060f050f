#include "common/report/chart_axis.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/report/line_chart.h"
#include "common/report/numbers.h"

namespace parlando::report {
namespace {

constexpr int kTicks = 5;
constexpr double kLeastSpan = 1e-9;

/// 1, 10, 100 where the axis spans enough of them, else 1, 2, 5, 10.
std::vector<double> logarithmic_ticks(double low, double high) {
  const bool powers_alone = high - low >= 2;
  std::vector<double> ticks;
  for (double power = std::floor(low); power <= high; ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double place = power + std::log10(factor);
      if (powers_alone && factor != 1) continue;
      if (place >= low - kLeastSpan && place <= high + kLeastSpan)
        ticks.push_back(factor * std::pow(10, power));
    }
  }
  return ticks;
}

}  // namespace

ChartAxis::ChartAxis(std::span<const double> values, bool logarithmic, bool percent)
    : logarithmic_(logarithmic), percent_(percent) {
  double low = INFINITY, high = -INFINITY;
  for (const double value : values) {
    if (!holds(value)) continue;
    low = std::min(low, logarithmic ? std::log10(value) : value);
    high = std::max(high, logarithmic ? std::log10(value) : value);
  }
  if (low > high) return;
  const double least = logarithmic ? 0.1 : std::max(std::abs(high) * 0.02, kLeastSpan);
  if (high - low < least) {
    low -= least / 2;
    high += least / 2;
  }
  if (logarithmic) {
    ticks_ = logarithmic_ticks(low, high);
    low_ = low;
    high_ = high;
    return;
  }
  ticks_ = axis_ticks(low, high, kTicks);
  if (percent) std::erase_if(ticks_, [](double tick) { return tick < 0 || tick > 1; });
  low_ = std::min(low, ticks_.front());
  high_ = std::max(high, ticks_.back());
  if (percent) {
    low_ = std::max(0.0, low_);
    high_ = std::min(1.0, high_);
  }
}

double ChartAxis::at(double value) const {
  return ((logarithmic_ ? std::log10(value) : value) - low_) / (high_ - low_);
}

bool ChartAxis::holds(double value) const {
  return std::isfinite(value) && (!logarithmic_ || value > 0);
}

std::string ChartAxis::label(double tick) const {
  if (!percent_) return compact(std::abs(tick) < kLeastSpan * (high_ - low_) ? 0 : tick);
  const bool fine = high_ - low_ < 0.05;
  return fmt::format("{:.{}f} %", 100 * tick, fine ? 1 : 0);
}

std::string shortened(const std::string& text, std::size_t characters) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  if (static_cast<std::size_t>(std::ranges::count_if(text, starts)) <= characters) return text;
  std::size_t end = 0, seen = 0;
  for (; end < text.size(); ++end) {
    if (starts(text[end]) && ++seen == characters) break;
  }
  return text.substr(0, end) + "\u2026";
}

}  // namespace parlando::report
