#include "common/audio/fft.h"

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
  void operator()(void* buffer) const { fftw_free(buffer); }
};

struct DestroyPlan {
  void operator()(fftw_plan plan) const {
    const std::lock_guard lock(planner_mutex());
    fftw_destroy_plan(plan);
  }
  using pointer = fftw_plan;
};

}  // namespace

struct RealFft::Plan {
  explicit Plan(std::size_t size)
      : n(size), in(fftw_alloc_real(size)), out(fftw_alloc_complex(size / 2 + 1)) {
    const std::lock_guard lock(planner_mutex());
    // ESTIMATE: a measured plan could differ from one run to the next, and its bits with it.
    plan.reset(fftw_plan_dft_r2c_1d(static_cast<int>(n), in.get(), out.get(), FFTW_ESTIMATE));
  }

  std::size_t n;
  std::unique_ptr<double[], FreeBuffer> in;
  std::unique_ptr<fftw_complex[], FreeBuffer> out;
  std::unique_ptr<fftw_plan, DestroyPlan> plan;
};

RealFft::RealFft(std::size_t n) : plan_(std::make_unique<Plan>(n)) {
  if (!plan_->in || !plan_->out || !plan_->plan) {
    fail(ErrorKind::internal, "can't plan a Fourier transform of {} samples", n);
  }
}

RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;

std::span<double> RealFft::input() {
  return {plan_->in.get(), plan_->n};
}

std::span<const std::complex<double>> RealFft::transform() {
  fftw_execute(plan_->plan.get());
  // std::complex<double> has the layout of fftw_complex (C++ standard [complex.numbers], FFTW
  // manual 4.1.1).
  return {reinterpret_cast<const std::complex<double>*>(plan_->out.get()), plan_->n / 2 + 1};
}

struct InverseRealFft::Plan {
  explicit Plan(std::size_t size)
      : n(size), in(fftw_alloc_complex(size / 2 + 1)), out(fftw_alloc_real(size)) {
    const std::lock_guard lock(planner_mutex());
    plan.reset(fftw_plan_dft_c2r_1d(static_cast<int>(n), in.get(), out.get(), FFTW_ESTIMATE));
  }

  std::size_t n;
  std::unique_ptr<fftw_complex[], FreeBuffer> in;
  std::unique_ptr<double[], FreeBuffer> out;
  std::unique_ptr<fftw_plan, DestroyPlan> plan;
};

InverseRealFft::InverseRealFft(std::size_t n) : plan_(std::make_unique<Plan>(n)) {
  if (!plan_->in || !plan_->out || !plan_->plan) {
    fail(ErrorKind::internal, "can't plan an inverse Fourier transform of {} samples", n);
  }
}

InverseRealFft::~InverseRealFft() = default;
InverseRealFft::InverseRealFft(InverseRealFft&&) noexcept = default;

std::span<std::complex<double>> InverseRealFft::input() {
  return {reinterpret_cast<std::complex<double>*>(plan_->in.get()), plan_->n / 2 + 1};
}

std::span<const double> InverseRealFft::transform() {
  fftw_execute(plan_->plan.get());
  const std::span<double> out(plan_->out.get(), plan_->n);
  const double scale = 1.0 / static_cast<double>(plan_->n);
  for (double& sample : out) sample *= scale;
  return out;
}

}  // namespace parlando::audio
