#include "common/audio/fft32.h"

#include <mutex>

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

struct RealFft32::Plan {
  explicit Plan(std::size_t n) : buffers(n) {
    const std::lock_guard lock(planner_mutex());
    plan.reset(fftwf_plan_dft_r2c_1d(static_cast<int>(n), buffers.samples.get(), buffers.bins.get(),
                                     FFTW_ESTIMATE));
  }

  Buffers buffers;
  std::unique_ptr<fftwf_plan, DestroyPlan> plan;
};

RealFft32::RealFft32(std::size_t n) : plan_(std::make_unique<Plan>(n)) {
  check(plan_->plan.get(), n);
}
RealFft32::~RealFft32() = default;
RealFft32::RealFft32(RealFft32&&) noexcept = default;

std::span<float> RealFft32::input() {
  return plan_->buffers.sample_span();
}

std::span<const std::complex<float>> RealFft32::transform() {
  fftwf_execute(plan_->plan.get());
  return plan_->buffers.bin_span();
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
