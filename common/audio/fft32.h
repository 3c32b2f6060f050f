#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace parlando::audio {

/// Fourier transform of n real samples to n / 2 + 1 bins in single precision, for the places where
/// librosa itself transforms in float32. Owns its plan and buffers; not thread-safe, though several
/// may be made and used at once.
class RealFft32 {
 public:
  explicit RealFft32(std::size_t n);
  ~RealFft32();
  RealFft32(RealFft32&&) noexcept;

  /// Where the caller puts the n samples.
  std::span<float> input();
  /// Transforms input(); the result is valid until the next call.
  std::span<const std::complex<float>> transform();

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

/// The way back: n / 2 + 1 bins to n real samples, not divided by n. Imaginary parts of the first
/// and of the last bin are ignored.
class InverseRealFft32 {
 public:
  explicit InverseRealFft32(std::size_t n);
  ~InverseRealFft32();
  InverseRealFft32(InverseRealFft32&&) noexcept;

  /// Where the caller puts the bins; transform() overwrites them.
  std::span<std::complex<float>> input();
  /// Transforms input(); the result is valid until the next call.
  std::span<const float> transform();

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace parlando::audio
