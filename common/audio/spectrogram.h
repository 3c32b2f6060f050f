#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace parlando::audio {

/// One value a frame and row, time-major [frames, stride]; a row of the matrix is a frame. Values
/// behind `rows` are zeros, so that vector loops may read a little over the end.
struct Spectrogram {
  std::size_t frames = 0;
  std::size_t rows = 0;
  std::size_t stride = 0;
  std::vector<float> values;

  /// Sets the shape; contents are unspecified but for the zeros behind each frame.
  void reshape(std::size_t frame_count, std::size_t row_count, std::size_t row_stride) {
    if (stride != row_stride || rows != row_count) values.clear();
    frames = frame_count;
    rows = row_count;
    stride = row_stride;
    values.resize(frames * stride, 0.0F);
  }
  std::span<float> frame(std::size_t i) { return {values.data() + i * stride, rows}; }
  std::span<const float> frame(std::size_t i) const { return {values.data() + i * stride, rows}; }
};

/// The complex64 values of an STFT, time-major [frames, bins].
struct ComplexSpectrogram {
  std::size_t frames = 0;
  std::size_t bins = 0;
  std::vector<std::complex<float>> values;

  /// Sets the shape; contents are unspecified.
  void reshape(std::size_t frame_count, std::size_t bin_count) {
    frames = frame_count;
    bins = bin_count;
    values.resize(frames * bins);
  }
  std::span<std::complex<float>> frame(std::size_t i) { return {values.data() + i * bins, bins}; }
  std::span<const std::complex<float>> frame(std::size_t i) const {
    return {values.data() + i * bins, bins};
  }
};

}  // namespace parlando::audio
