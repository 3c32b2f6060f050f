#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace parlando::audio {

/// Fourier transform of n real samples (n even) to some of its bins in single precision. Owns its
/// plan and buffers; not thread-safe, though several may be made and used at once.
class RealFft32 {
 public:
  explicit RealFft32(std::size_t n);
  ~RealFft32();
  RealFft32(RealFft32&&) noexcept;

  /// Transforms n samples and writes the bins first .. first + re.size() - 1, at most up to n / 2,
  /// parted into real and imaginary values.
  void transform(std::span<const float> samples, std::size_t first, std::span<float> re,
                 std::span<float> im);

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
