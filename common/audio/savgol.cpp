#include "common/audio/savgol.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// Polynomials orthogonal over equally spaced points in [-1, 1] (Gram's), by their three-term
/// recurrence: well conditioned where powers of x are not.
class GramPolynomials {
 public:
  GramPolynomials(std::size_t count, int degree) : degree_(degree) {
    for (std::size_t i = 0; i < count; ++i) points_.push_back(point(count, i));
    std::vector<double> before(count, 0.0);
    std::vector<double> current(count, 1.0);
    double norm_before = 1;
    for (int k = 0; k <= degree; ++k) {
      double norm = 0;
      for (const double value : current) norm += value * value;
      squared_norms_.push_back(norm);
      values_.push_back(current);
      recurrence_.push_back(k == 0 ? 0 : norm / norm_before);
      norm_before = norm;
      std::vector<double> next(count);
      for (std::size_t i = 0; i < count; ++i) {
        next[i] = points_[i] * current[i] - recurrence_.back() * before[i];
      }
      before = std::exchange(current, std::move(next));
    }
  }

  static double point(std::size_t count, std::size_t i) {
    return 2 * static_cast<double>(i) / static_cast<double>(count - 1) - 1;
  }

  double value(int k, std::size_t i) const { return values_[static_cast<std::size_t>(k)][i]; }
  double squared_norm(int k) const { return squared_norms_[static_cast<std::size_t>(k)]; }

  /// The m-th derivative of polynomial k at x, for all k.
  std::vector<double> derivatives(int m, double x) const {
    const auto orders = static_cast<std::size_t>(m) + 1;
    std::vector<double> before(orders, 0.0);
    std::vector<double> current(orders, 0.0);
    current[0] = 1;
    std::vector<double> result;
    for (int k = 0; k <= degree_; ++k) {
      result.push_back(current.back());
      std::vector<double> next(orders);
      for (std::size_t j = 0; j < orders; ++j) {
        next[j] = x * current[j] - recurrence_[static_cast<std::size_t>(k)] * before[j];
        if (j > 0) next[j] += static_cast<double>(j) * current[j - 1];
      }
      before = std::exchange(current, std::move(next));
    }
    return result;
  }

 private:
  int degree_;
  std::vector<double> points_;
  std::vector<std::vector<double>> values_;
  std::vector<double> squared_norms_;
  std::vector<double> recurrence_;
};

/// Index of the frame that mode shows at `i`, or -1 for zeros.
std::ptrdiff_t source_of(std::ptrdiff_t i, std::ptrdiff_t n, SavgolMode mode) {
  if (i >= 0 && i < n) return i;
  if (mode == SavgolMode::nearest) return i < 0 ? 0 : n - 1;
  if (mode == SavgolMode::wrap) return ((i % n) + n) % n;
  if (mode == SavgolMode::mirror) {
    if (n == 1) return 0;
    const std::ptrdiff_t period = 2 * (n - 1);
    const std::ptrdiff_t folded = ((i % period) + period) % period;
    return std::min(folded, period - folded);
  }
  return -1;
}

void add_scaled(std::span<const float> values, double weight, std::span<double> sums) {
  for (std::size_t r = 0; r < sums.size(); ++r) sums[r] += weight * static_cast<double>(values[r]);
}

}  // namespace

SavgolMode savgol_mode_named(const std::string& name) {
  if (name == "interp") return SavgolMode::interp;
  if (name == "nearest") return SavgolMode::nearest;
  if (name == "mirror") return SavgolMode::mirror;
  if (name == "constant") return SavgolMode::constant;
  if (name == "wrap") return SavgolMode::wrap;
  fail(ErrorKind::usage, "no mode '{}'; there are interp, nearest, mirror, constant and wrap",
       name);
}

std::vector<double> savgol_weights(std::size_t width, int degree, int derivative,
                                   std::size_t position) {
  const GramPolynomials polynomials(width, degree);
  const std::vector<double> slopes =
      polynomials.derivatives(derivative, GramPolynomials::point(width, position));
  // The points lie 2 / (width - 1) apart where frames lie 1 apart.
  const double scale = std::pow(2 / static_cast<double>(width - 1), derivative);
  std::vector<double> weights(width, 0.0);
  for (std::size_t i = 0; i < width; ++i) {
    for (int k = 0; k <= degree; ++k) {
      weights[i] += polynomials.value(k, i) * slopes[static_cast<std::size_t>(k)] /
                    polynomials.squared_norm(k);
    }
    weights[i] *= scale;
  }
  return weights;
}

DeltaFilter::DeltaFilter(std::size_t width, int order, SavgolMode mode)
    : width_(width), mode_(mode), middle_(savgol_weights(width, order, order, width / 2)) {
  if (mode != SavgolMode::interp) return;
  for (std::size_t i = 0; i < width / 2; ++i) {
    first_.push_back(savgol_weights(width, order, order, i));
    last_.push_back(savgol_weights(width, order, order, width / 2 + 1 + i));
  }
}

void DeltaFilter::weigh(const Spectrogram& in, std::ptrdiff_t first,
                        const std::vector<double>& weights, std::span<float> out) {
  std::fill(sums_.begin(), sums_.end(), 0.0);
  const auto n = static_cast<std::ptrdiff_t>(in.frames);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const std::ptrdiff_t source = source_of(first + static_cast<std::ptrdiff_t>(j), n, mode_);
    if (source >= 0) add_scaled(in.frame(static_cast<std::size_t>(source)), weights[j], sums_);
  }
  std::transform(sums_.begin(), sums_.end(), out.begin(),
                 [](double sum) { return static_cast<float>(sum); });
}

void DeltaFilter::apply(const Spectrogram& in, Spectrogram& out) {
  if (mode_ == SavgolMode::interp && in.frames < width_) {
    fail(ErrorKind::data, "{} frames are fewer than the {} that a delta of mode interp needs",
         in.frames, width_);
  }
  out.reshape(in.frames, in.rows);
  sums_.resize(in.rows);
  const std::size_t half = width_ / 2;
  for (std::size_t t = 0; t < in.frames; ++t) {
    const auto first = static_cast<std::ptrdiff_t>(t) - static_cast<std::ptrdiff_t>(half);
    if (mode_ == SavgolMode::interp && t < half) {
      weigh(in, 0, first_[t], out.frame(t));
    } else if (mode_ == SavgolMode::interp && t + half >= in.frames) {
      weigh(in, static_cast<std::ptrdiff_t>(in.frames - width_), last_[t + half - in.frames],
            out.frame(t));
    } else {
      weigh(in, first, middle_, out.frame(t));
    }
  }
}

}  // namespace parlando::audio
