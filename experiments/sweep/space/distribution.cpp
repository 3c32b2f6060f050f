#include "experiments/sweep/space/distribution.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <set>

#include <yaml-cpp/yaml.h>

#include "common/core/error.h"

namespace parlando::sweep {
namespace {

constexpr double kMostListed = 1000;
constexpr double kDecades = 30;  ///< the largest of a list by its smallest, for a logarithmic scale
constexpr double kSlack = 1e-9;  // of a step, for bounds that are multiples but for rounding
constexpr double kMostWhole = 9007199254740992;  // 2^53: a double holds every whole number below

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
  return value == std::round(value) && std::abs(value) <= kMostWhole ? fmt::format("{:.0f}", value)
                                                                     : fmt::format("{}", value);
}

/// A multiple of the step without the noise of the product: 0.3, not 0.30000000000000004.
double clean(double value) {
  return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr);
}

/// The same for texts that mean the same scalar.
std::string canonical(const std::string& text) {
  const YAML::Node node = YAML::Load(text);
  double value = 0;
  if (!node.IsScalar()) return text;
  return YAML::convert<double>::decode(node, value) ? fmt::format("{}", value) : node.Scalar();
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
    require_values();
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

void Distribution::require_values() const {
  if (values_.empty()) fail(ErrorKind::usage, "parameters: {}: {} has no values", key_, kind_);
  std::set<std::string> seen;
  for (const std::string& value : values_) {
    if (seen.insert(canonical(value)).second) continue;
    fail(ErrorKind::usage,
         "parameters: {}: values: {} stands twice; to draw it more often, give probabilities", key_,
         value);
  }
}

void Distribution::require_bounds() {
  if (low_ >= high_)
    fail(ErrorKind::usage, "parameters: {}: min: {} is not below max: {}", key_, low_, high_);
  if (kind_ == "int_uniform" && (low_ != std::floor(low_) || high_ != std::floor(high_)))
    fail(ErrorKind::usage, "parameters: {}: int_uniform needs whole bounds", key_);
  const bool whole = kind_ == "int_uniform" || kind_.starts_with("q_");
  if (whole && std::max(std::abs(low_), std::abs(high_)) / step_ > kMostWhole) {
    fail(ErrorKind::usage, "parameters: {}: bounds of {} are at most 2^53 = {:.0f} steps from 0",
         key_, kind_, kMostWhole);
  }
  const bool of_logarithm = kind_ == "log_uniform";
  if (!std::isfinite(of_logarithm ? std::exp(high_) : high_ - low_)) {
    fail(ErrorKind::usage, "parameters: {}: max: {} is too large{}", key_, high_,
         of_logarithm ? " for a natural logarithm; log_uniform_values takes the values themselves"
                      : "");
  }
  if (whole) set_steps();
  if (kind_.ends_with("log_uniform_values")) {
    if (low_ <= 0)
      fail(ErrorKind::usage, "parameters: {}: min: a logarithmic scale needs a value above 0",
           key_);
    low_ = std::log(low_);
    high_ = std::log(high_);
  }
}

void Distribution::set_steps() {
  first_ = std::ceil(low_ / step_ - kSlack) * step_ + 0.0;
  last_ = std::floor(high_ / step_ + kSlack) * step_;
  if (first_ > last_) {
    fail(ErrorKind::usage, "parameters: {}: no multiple of q: {} lies between min: {} and max: {}",
         key_, step_, low_, high_);
  }
}

std::string Distribution::rounded(double value) const {
  if (!kind_.starts_with("q_")) return as_text(value);
  return as_text(clean(std::clamp(std::round(value / step_) * step_, first_, last_)));
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
  if (!steps || (last_ - first_) / step_ >= kMostListed) {
    fail(ErrorKind::usage,
         "parameters: {}: method grid needs a list, and {}{} has none; give values: [...]", key_,
         kind_, steps ? " with so many steps" : "");
  }
  std::vector<std::string> values;
  const std::int64_t count = std::llround((last_ - first_) / step_) + 1;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(as_text(clean(first_ + static_cast<double>(i) * step_)));
  return values;
}

bool Distribution::may_give(const std::string& value) const {
  return values_.empty() ||
         std::ranges::any_of(values_, [&](const auto& own) { return same_value(own, value); });
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

bool same_value(const std::string& a, const std::string& b) {
  return canonical(a) == canonical(b);
}

}  // namespace parlando::sweep
