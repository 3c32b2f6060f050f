#include "common/audio/fft32.h"

#include <cmath>
#include <cstring>
#include <mutex>
#include <numbers>
#include <vector>

#include <fftw3.h>

#include "common/core/error.h"

namespace parlando::audio {
namespace {

/// FFTW's planner is global to the process and not thread-safe; execution is.
std::mutex& planner_mutex() {
  static std::mutex mutex;
  return mutex;
}

struct FreeBuffer {
  void operator()(void* buffer) const { fftwf_free(buffer); }
};

struct DestroyPlan {
  void operator()(fftwf_plan plan) const {
    const std::lock_guard lock(planner_mutex());
    fftwf_destroy_plan(plan);
  }
  using pointer = fftwf_plan;
};

/// Buffers of a transform between n samples and n / 2 + 1 bins.
struct Buffers {
  explicit Buffers(std::size_t size)
      : n(size), samples(fftwf_alloc_real(size)), bins(fftwf_alloc_complex(size / 2 + 1)) {
    if (!samples || !bins) fail(ErrorKind::internal, "no memory to transform {} samples", n);
  }

  std::span<float> sample_span() { return {samples.get(), n}; }
  std::span<std::complex<float>> bin_span() {
    // std::complex<float> has the layout of fftwf_complex (FFTW manual 4.1.1).
    return {reinterpret_cast<std::complex<float>*>(bins.get()), n / 2 + 1};
  }

  std::size_t n;
  std::unique_ptr<float[], FreeBuffer> samples;
  std::unique_ptr<fftwf_complex[], FreeBuffer> bins;
};

void check(fftwf_plan plan, std::size_t n) {
  if (plan == nullptr) {
    fail(ErrorKind::internal, "can't plan a Fourier transform of {} samples", n);
  }
}

}  // namespace

// ESTIMATE in both: a measured plan could differ from one run to the next, and its bits with it.

// A transform of n / 2 complex numbers made of neighbouring samples, from which the bins that are
// wanted are worked out: FFTW's own transform of real samples takes more than twice as long.
struct RealFft32::Plan {
  explicit Plan(std::size_t size)
      : n(size), in(fftwf_alloc_complex(size / 2)), out(fftwf_alloc_complex(size / 2)) {
    if (!in || !out) fail(ErrorKind::internal, "no memory to transform {} samples", n);
    for (std::size_t k = 0; k <= n / 2; ++k) {
      const double angle = -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
      twiddles.emplace_back(std::polar(1.0, angle));
    }
    const std::lock_guard lock(planner_mutex());
    plan.reset(fftwf_plan_dft_1d(static_cast<int>(n / 2), in.get(), out.get(), FFTW_FORWARD,
                                 FFTW_ESTIMATE));
  }

  std::size_t n;
  std::unique_ptr<fftwf_complex[], FreeBuffer> in;
  std::unique_ptr<fftwf_complex[], FreeBuffer> out;
  std::vector<std::complex<float>> twiddles;
  std::unique_ptr<fftwf_plan, DestroyPlan> plan;
};

RealFft32::RealFft32(std::size_t n) : plan_(std::make_unique<Plan>(n)) {
  check(plan_->plan.get(), n);
}
RealFft32::~RealFft32() = default;
RealFft32::RealFft32(RealFft32&&) noexcept = default;

void RealFft32::transform(std::span<const float> samples, std::size_t first, std::span<float> re,
                          std::span<float> im) {
  const std::size_t half = plan_->n / 2;
  // Two neighbouring samples are the parts of one complex number (FFTW manual 4.1.1).
  std::memcpy(plan_->in.get(), samples.data(), plan_->n * sizeof(float));
  fftwf_execute(plan_->plan.get());
  const fftwf_complex* z = plan_->out.get();
  for (std::size_t i = 0; i < re.size(); ++i) {
    const std::size_t k = first + i;
    const fftwf_complex& a = z[k < half ? k : 0];
    const fftwf_complex& b = z[k == 0 || k == half ? 0 : half - k];
    // Transforms of the samples with even and with odd index.
    const float even_re = (a[0] + b[0]) / 2;
    const float even_im = (a[1] - b[1]) / 2;
    const float odd_re = (a[1] + b[1]) / 2;
    const float odd_im = (b[0] - a[0]) / 2;
    const float w_re = plan_->twiddles[k].real();
    const float w_im = plan_->twiddles[k].imag();
    re[i] = even_re + (w_re * odd_re - w_im * odd_im);
    im[i] = even_im + (w_re * odd_im + w_im * odd_re);
  }
}

struct InverseRealFft32::Plan {
  explicit Plan(std::size_t n) : buffers(n) {
    const std::lock_guard lock(planner_mutex());
    plan.reset(fftwf_plan_dft_c2r_1d(static_cast<int>(n), buffers.bins.get(), buffers.samples.get(),
                                     FFTW_ESTIMATE));
  }

  Buffers buffers;
  std::unique_ptr<fftwf_plan, DestroyPlan> plan;
};

InverseRealFft32::InverseRealFft32(std::size_t n) : plan_(std::make_unique<Plan>(n)) {
  check(plan_->plan.get(), n);
}
InverseRealFft32::~InverseRealFft32() = default;
InverseRealFft32::InverseRealFft32(InverseRealFft32&&) noexcept = default;

std::span<std::complex<float>> InverseRealFft32::input() {
  return plan_->buffers.bin_span();
}

std::span<const float> InverseRealFft32::transform() {
  fftwf_execute(plan_->plan.get());
  return plan_->buffers.sample_span();
}

}  // namespace parlando::audio
