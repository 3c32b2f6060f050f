#include "common/audio/pitch/cqt.h"

#include <algorithm>
#include <cmath>

#include "common/audio/kernels.h"
#include "common/audio/pitch/kernels.h"
#include "common/audio/stft.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// Estimated tunings are hundredths: more plans are needed only with other resolutions.
constexpr std::size_t kKeptPlans = 128;

/// How often 2 divides n.
int factors_of_two(std::size_t n) {
  int count = 0;
  for (; n > 0 && n % 2 == 0; n /= 2) ++count;
  return count;
}

/// Whether filters [a, a + count) at rate_a are filters [b, b + count) at rate_b, up to rounding.
bool same_filters(const CqtFilters& filters, std::size_t a, double rate_a, std::size_t b,
                  double rate_b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double of_a = filters.hz[a + i] / rate_a;
    const double of_b = filters.hz[b + i] / rate_b;
    if (std::abs(of_a - of_b) > 1e-12 * of_a) return false;
  }
  return true;
}

/// The highest frequency that the filters let through.
double checked_cutoff(const CqtParameters& parameters, const CqtFilters& filters, ErrorKind kind) {
  const double nyquist = parameters.sample_rate / 2;
  const double cutoff = filters.cutoff(parameters.filter_scale);
  if (cutoff > nyquist) {
    fail(
        kind,
        "a constant-Q transform of {} bins from {:.1f} Hz reaches {:.0f} Hz, above {} Hz, half the "
        "sample rate; ask for fewer bins",
        parameters.n_bins, parameters.fmin, cutoff, nyquist);
  }
  return cutoff;
}

}  // namespace

/// The filters of an octave and the signal that they stand for.
struct Cqt::Octave {
  std::shared_ptr<const CqtBasis> basis;
  std::size_t begin = 0;  ///< row of its first filter
  std::size_t count = 0;
  std::size_t hop = 0;
  double sample_rate = 0;
  bool halve_behind = false;  ///< the next octave stands on half the rate
  std::vector<float> scale;   ///< of each filter
};

struct Cqt::Plan {
  std::size_t early_factor = 1;
  std::vector<Octave> octaves;
};

Cqt::Cqt(const CqtParameters& parameters) : parameters_(parameters), early_(1), half_(1) {
  checked_cutoff(parameters, CqtFilters(parameters, 0), ErrorKind::usage);
}
Cqt::~Cqt() = default;
Cqt::Cqt(Cqt&&) noexcept = default;

const Cqt::Plan& Cqt::plan(double tuning) {
  const auto found = plans_.find(tuning);
  if (found != plans_.end()) return *found->second;
  const CqtFilters filters(parameters_, tuning);
  const std::size_t per_octave = parameters_.bins_per_octave;
  const std::size_t octaves = (parameters_.n_bins + per_octave - 1) / per_octave;
  const double nyquist = parameters_.sample_rate / 2;
  const double cutoff = checked_cutoff(parameters_, filters, ErrorKind::data);
  auto plan = std::make_unique<Plan>();
  const int by_rate = std::max(0, static_cast<int>(std::ceil(std::log2(nyquist / cutoff))) - 2);
  const int by_hop = std::max(0, factors_of_two(parameters_.hop) - static_cast<int>(octaves) + 1);
  plan->early_factor = std::size_t{1} << std::min(by_rate, by_hop);
  const double first_rate = parameters_.sample_rate / static_cast<double>(plan->early_factor);
  double rate = first_rate;
  std::size_t hop = parameters_.hop / plan->early_factor;
  std::size_t end = parameters_.n_bins;
  while (end > 0) {
    Octave octave;
    octave.count = std::min(per_octave, end);
    octave.begin = end - octave.count;
    octave.hop = hop;
    octave.sample_rate = rate;
    octave.halve_behind = hop % 2 == 0;
    for (const Octave& other : plan->octaves) {
      if (other.count == octave.count &&
          same_filters(filters, other.begin, other.sample_rate, octave.begin, rate, octave.count)) {
        octave.basis = other.basis;
      }
    }
    if (!octave.basis) {
      octave.basis =
          std::make_shared<const CqtBasis>(filters, octave.begin, end, rate, parameters_);
    }
    for (std::size_t i = octave.begin; i < end; ++i) {
      double scale = std::sqrt(first_rate / rate);
      if (parameters_.scale) {
        scale /= std::sqrt(filters.length(i, first_rate, parameters_.filter_scale));
      } else {
        scale *= std::sqrt(static_cast<double>(plan->early_factor));
      }
      octave.scale.push_back(static_cast<float>(scale));
    }
    if (octave.halve_behind) {
      hop /= 2;
      rate /= 2;
    }
    end = octave.begin;
    plan->octaves.push_back(std::move(octave));
  }
  if (plans_.size() >= kKeptPlans) plans_.clear();
  return *plans_.emplace(tuning, std::move(plan)).first->second;
}

void Cqt::magnitude(std::span<const float> signal, double tuning, Spectrogram& out) {
  const Plan& plan = this->plan(tuning);
  std::span<const float> current = signal;
  if (plan.early_factor > 1) {
    if (signal.size() < plan.early_factor) {
      fail(ErrorKind::data, "{} samples are too short for a constant-Q transform of {} octaves",
           signal.size(), plan.octaves.size());
    }
    const auto factor = static_cast<double>(plan.early_factor);
    early_.resample(signal, factor, reduced_[0]);
    kernels::divide_by(std::sqrt(1 / factor), reduced_[0]);
    current = reduced_[0];
  }
  std::size_t frames = stft_frames(signal.size(), parameters_.hop);
  std::size_t samples = current.size();
  for (const Octave& octave : plan.octaves) {
    frames = std::min(frames, stft_frames(samples, octave.hop));
    if (octave.halve_behind) samples = (samples + 1) / 2;
  }
  out.reshape(frames, parameters_.n_bins, kernels::padded_width(parameters_.n_bins));
  std::size_t other = plan.early_factor > 1 ? 1 : 0;
  for (const Octave& octave : plan.octaves) {
    respond(current, octave, out);
    if (octave.halve_behind && octave.begin > 0) {
      half_.resample(current, 2, reduced_[other]);
      kernels::divide_by(std::sqrt(0.5), reduced_[other]);
      current = reduced_[other];
      other = 1 - other;
    }
  }
}

/// Fills the octave's columns of `out`.
void Cqt::respond(std::span<const float> signal, const Octave& octave, Spectrogram& out) {
  const CqtBasis& basis = *octave.basis;
  const std::size_t margin = basis.n_fft / 2;
  padded_.assign(signal.size() + basis.n_fft, 0.0F);
  std::ranges::copy(signal, padded_.begin() + static_cast<std::ptrdiff_t>(margin));
  RealFft32& fft = this->fft(basis.n_fft);
  // Behind the last bin stand zeros, which filters may reach with their padding.
  re_.assign(basis.last_bin(), 0.0F);
  im_.assign(basis.last_bin(), 0.0F);
  const std::size_t first = std::ranges::min(basis.first);
  const std::size_t count = std::min(basis.last_bin(), margin + 1) - first;
  const kernels::Projection projection{basis.taps, basis.first, basis.re, basis.im, octave.scale};
  for (std::size_t t = 0; t < out.frames; ++t) {
    fft.transform({padded_.data() + t * octave.hop, basis.n_fft}, first,
                  std::span(re_).subspan(first, count), std::span(im_).subspan(first, count));
    kernels::project(projection, re_.data(), im_.data(),
                     out.frame(t).subspan(octave.begin, octave.count));
  }
}

RealFft32& Cqt::fft(std::size_t n) {
  const auto found = ffts_.find(n);
  if (found != ffts_.end()) return found->second;
  return ffts_.emplace(n, RealFft32(n)).first->second;
}

}  // namespace parlando::audio
