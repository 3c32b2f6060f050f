#include "common/audio/functionals.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::audio {
namespace {

const std::vector<std::string>& plain_names() {
  static const std::vector<std::string> names{"mean",   "std",   "min",      "max",     "range",
                                              "median", "slope", "skewness", "kurtosis"};
  return names;
}

/// The percentile that "p97.5" asks for.
std::optional<double> percentile_of(const std::string& name) {
  double percent = 0;
  const char* end = name.data() + name.size();
  if (name.size() < 2 || name.front() != 'p') return std::nullopt;
  const auto [stop, error] =
      std::from_chars(name.data() + 1, end, percent, std::chars_format::fixed);
  if (error != std::errc{} || stop != end || !(percent >= 0 && percent <= 100)) return std::nullopt;
  return percent;
}

double mean(std::span<const double> series) {
  return std::accumulate(series.begin(), series.end(), 0.0) / static_cast<double>(series.size());
}

/// Mean of (x - centre)^power.
double moment(std::span<const double> series, double centre, int power) {
  double sum = 0;
  for (const double value : series) {
    const double deviation = value - centre;
    double product = deviation;
    for (int i = 1; i < power; ++i) product *= deviation;
    sum += product;
  }
  return sum / static_cast<double>(series.size());
}

/// Standardised moment; 0 where there is no spread beyond rounding.
double shape_of(std::span<const double> series, int power) {
  const double centre = mean(series);
  const double variance = moment(series, centre, 2);
  if (variance <= 1e-30 * centre * centre || variance == 0) return 0;
  return moment(series, centre, power) / std::pow(variance, power / 2.0);
}

double slope(std::span<const double> series) {
  const auto n = static_cast<double>(series.size());
  if (series.size() < 2) return 0;
  const double middle = (n - 1) / 2;
  double product = 0;
  for (std::size_t t = 0; t < series.size(); ++t) {
    product += (static_cast<double>(t) - middle) * series[t];
  }
  return product / (n * (n * n - 1) / 12);
}

/// NumPy's method "linear".
double percentile(std::span<const double> sorted, double percent) {
  const double position = percent / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double share = position - static_cast<double>(below);
  return sorted[below] + share * (sorted[above] - sorted[below]);
}

}  // namespace

Functionals::Functionals(const std::vector<std::string>& names) : names_(names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i)) {
      fail(ErrorKind::usage, "functionals: '{}' is listed twice", names[i]);
    }
    if (std::ranges::find(plain_names(), names[i]) != plain_names().end()) continue;
    if (percentile_of(names[i])) continue;
    const std::string near = nearest(names[i], plain_names());
    fail(ErrorKind::usage, "functionals: no '{}'; {}there are {} and percentiles like p5", names[i],
         near.empty() ? "" : fmt::format("did you mean '{}'? ", near),
         join_text(plain_names(), ", "));
  }
}

std::vector<std::string> Functionals::row_names(const std::vector<std::string>& rows) const {
  std::vector<std::string> all;
  for (const std::string& name : names_) {
    for (const std::string& row : rows) all.push_back(fmt::format("{}_{}", row, name));
  }
  return all;
}

std::vector<float> Functionals::apply(std::span<const float> values, std::size_t frames) {
  const std::size_t rows = values.size() / frames;
  std::vector<float> result(rows * names_.size());
  series_.resize(frames);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t t = 0; t < frames; ++t) {
      series_[t] = static_cast<double>(values[t * rows + r]);
    }
    sorted_ = series_;
    std::sort(sorted_.begin(), sorted_.end());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      result[i * rows + r] = static_cast<float>(compute(names_[i]));
    }
  }
  return result;
}

double Functionals::compute(const std::string& name) {
  if (name == "mean") return mean(series_);
  if (name == "std") return std::sqrt(moment(series_, mean(series_), 2));
  if (name == "min") return sorted_.front();
  if (name == "max") return sorted_.back();
  if (name == "range") return sorted_.back() - sorted_.front();
  if (name == "median") return percentile(sorted_, 50);
  if (name == "slope") return slope(series_);
  if (name == "skewness") return shape_of(series_, 3);
  if (name == "kurtosis") return shape_of(series_, 4) == 0 ? 0 : shape_of(series_, 4) - 3;
  return percentile(sorted_, *percentile_of(name));
}

}  // namespace parlando::audio
