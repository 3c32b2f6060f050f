#include "experiments/sweep/space/distribution.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "common/core/error.h"

namespace parlando::sweep {
namespace {

constexpr double kMostListed = 1000;
constexpr double kDecades = 30;  ///< the largest of a list by its smallest, for a logarithmic scale

double number(const std::string& key, const char* name, const YamlText& value) {
  char* end = nullptr;
  const double parsed = std::strtod(value.text.c_str(), &end);
  if (value.text.empty() || *end != '\0' || !std::isfinite(parsed)) {
    fail(ErrorKind::usage, "parameters: {}: {}: expected a number, got '{}'", key, name,
         value.text);
  }
  return parsed;
}

bool is_whole(const YamlText& value) {
  return value.text.find_first_not_of("+-0123456789") == std::string::npos;
}

std::string kind_of(const std::string& key, const Parameter& p) {
  const int given =
      (p.value ? 1 : 0) + (p.values.empty() ? 0 : 1) + (p.min || p.max || p.mu || p.sigma ? 1 : 0);
  if (given > 1) {
    fail(ErrorKind::usage, "parameters: {}: value, values and bounds exclude each other; keep one",
         key);
  }
  const bool lists = p.distribution == "constant" || p.distribution == "categorical";
  if (!p.distribution.empty() && !lists && (p.value || !p.values.empty())) {
    fail(ErrorKind::usage, "parameters: {}: distribution {} takes bounds, not values", key,
         p.distribution);
  }
  if (!p.distribution.empty()) return p.distribution;
  if (p.value) return "constant";
  if (!p.values.empty()) return "categorical";
  if (!p.min && !p.max) {
    fail(ErrorKind::usage, "parameters: {}: has no values: give value, values, or min and max",
         key);
  }
  return p.min && p.max && is_whole(*p.min) && is_whole(*p.max) ? "int_uniform" : "uniform";
}

std::string as_text(double value) {
  return value == std::round(value) && std::abs(value) < 1e15 ? fmt::format("{:.0f}", value)
                                                              : fmt::format("{}", value);
}

/// A multiple of the step without the noise of the product: 0.3, not 0.30000000000000004.
double clean(double value) {
  return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr);
}

}  // namespace

Distribution::Distribution(const std::string& key, const Parameter& p)
    : key_(key), kind_(kind_of(key, p)), probabilities_(p.probabilities), step_(p.q.value_or(1)) {
  if (p.value) values_.push_back(p.value->text);
  for (const YamlText& value : p.values) values_.push_back(value.text);
  if (!probabilities_.empty()) {
    const double sum = std::accumulate(probabilities_.begin(), probabilities_.end(), 0.0);
    if (probabilities_.size() != values_.size() || std::abs(sum - 1) > 1e-6) {
      fail(ErrorKind::usage,
           "parameters: {}: probabilities: {} numbers that add up to {}, expected one for each of "
           "{} values, 1 together",
           key, probabilities_.size(), sum, values_.size());
    }
  }
  if (p.q && (*p.q <= 0 || !kind_.starts_with("q_"))) {
    fail(ErrorKind::usage, "parameters: {}: q: must be above 0, with a distribution named q_...",
         key);
  }
  if (kind_ == "constant" || kind_ == "categorical") {
    if (values_.empty()) fail(ErrorKind::usage, "parameters: {}: {} has no values", key, kind_);
    return;
  }
  if (kind_.find("normal") != std::string::npos) {
    if (p.min || p.max)
      fail(ErrorKind::usage, "parameters: {}: {} takes mu and sigma, not min and max", key, kind_);
    low_ = p.mu.value_or(0);
    high_ = p.sigma.value_or(1);
    return;
  }
  if (p.mu || p.sigma || !p.min || !p.max)
    fail(ErrorKind::usage, "parameters: {}: {} needs min and max, and nothing else", key, kind_);
  low_ = number(key, "min", *p.min);
  high_ = number(key, "max", *p.max);
  require_bounds();
}

void Distribution::require_bounds() {
  if (low_ >= high_)
    fail(ErrorKind::usage, "parameters: {}: min: {} is not below max: {}", key_, low_, high_);
  if (kind_ == "int_uniform" && (low_ != std::floor(low_) || high_ != std::floor(high_)))
    fail(ErrorKind::usage, "parameters: {}: int_uniform needs whole bounds", key_);
  if (kind_.ends_with("log_uniform_values")) {
    if (low_ <= 0)
      fail(ErrorKind::usage, "parameters: {}: min: a logarithmic scale needs a value above 0",
           key_);
    low_ = std::log(low_);
    high_ = std::log(high_);
  }
}

std::string Distribution::rounded(double value) const {
  return as_text(kind_.starts_with("q_") ? clean(std::round(value / step_) * step_) : value);
}

std::string Distribution::draw(RandomStream& stream) const {
  if (!values_.empty()) {
    if (probabilities_.empty()) return values_[stream.below(values_.size())];
    double left = stream.uniform();
    for (std::size_t i = 0; i + 1 < values_.size(); ++i) {
      if (left < probabilities_[i]) return values_[i];
      left -= probabilities_[i];
    }
    return values_.back();
  }
  if (kind_ == "int_uniform") {
    const auto count = static_cast<std::uint64_t>(high_ - low_) + 1;
    return as_text(low_ + static_cast<double>(stream.below(count)));
  }
  const bool normal = kind_.find("normal") != std::string::npos;
  const double drawn = normal ? low_ + high_ * stream.normal() : stream.uniform(low_, high_);
  const double value = kind_.find("log_") != std::string::npos ? std::exp(drawn) : drawn;
  // Six digits are enough to tell trials apart, and short enough to read.
  return rounded(std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr));
}

std::vector<std::string> Distribution::list() const {
  if (!values_.empty()) return values_;
  const bool steps = kind_ == "int_uniform" || kind_ == "q_uniform";
  if (!steps || (high_ - low_) / step_ >= kMostListed) {
    fail(ErrorKind::usage,
         "parameters: {}: method grid needs a list, and {}{} has none; give values: [...]", key_,
         kind_, steps ? " with so many steps" : "");
  }
  std::vector<std::string> values;
  for (double value = std::ceil(low_ / step_ - 1e-9) * step_ + 0.0; value <= high_ + step_ * 1e-9;
       value += step_) {
    values.push_back(as_text(clean(value)));
  }
  return values;
}

bool Distribution::logarithmic() const {
  if (values_.empty()) return kind_.find("log_") != std::string::npos;
  double low = INFINITY, high = 0;
  for (const std::string& value : values_) {
    char* end = nullptr;
    const double parsed = std::strtod(value.c_str(), &end);
    if (value.empty() || *end != '\0' || !std::isfinite(parsed) || parsed <= 0) return false;
    low = std::min(low, parsed);
    high = std::max(high, parsed);
  }
  return high / low >= kDecades;
}

}  // namespace parlando::sweep
