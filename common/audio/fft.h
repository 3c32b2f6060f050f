#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace parlando::audio {

/// Fourier transform of n real samples to n / 2 + 1 bins in double precision. A float32 transform
/// would cost parity with librosa, which transforms in double. Owns its plan and buffers; not
/// thread-safe, though several may be made and used at once.
class RealFft {
 public:
  explicit RealFft(std::size_t n);
  ~RealFft();
  RealFft(RealFft&&) noexcept;

  /// Where the caller puts the n samples.
  std::span<double> input();
  /// Transforms input(); the result is valid until the next call.
  std::span<const std::complex<double>> transform();

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

/// The way back: n / 2 + 1 bins to n real samples, divided by n, so that it undoes RealFft. Owns
/// its plan and buffers; thread-safety as RealFft.
class InverseRealFft {
 public:
  explicit InverseRealFft(std::size_t n);
  ~InverseRealFft();
  InverseRealFft(InverseRealFft&&) noexcept;

  /// Where the caller puts the bins; transform() overwrites them.
  std::span<std::complex<double>> input();
  /// Transforms input(); the result is valid until the next call.
  std::span<const double> transform();

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace parlando::audio
