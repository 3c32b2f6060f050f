#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace parlando::audio {

/// One value a frame and row, time-major [frames, stride]; a row of the matrix is a frame. Values
/// behind `rows` are zeros, so that vector loops may read a little over the end.
template <class T>
struct BasicSpectrogram {
  std::size_t frames = 0;
  std::size_t rows = 0;
  std::size_t stride = 0;
  std::vector<T> values;

  /// Sets the shape; contents are unspecified but for the zeros behind each frame.
  void reshape(std::size_t frame_count, std::size_t row_count, std::size_t row_stride) {
    if (stride != row_stride || rows != row_count) values.clear();
    frames = frame_count;
    rows = row_count;
    stride = row_stride;
    values.resize(frames * stride, T{});
  }
  /// The same without anything behind each frame.
  void reshape(std::size_t frame_count, std::size_t row_count) {
    reshape(frame_count, row_count, row_count);
  }
  std::span<T> frame(std::size_t i) { return {values.data() + i * stride, rows}; }
  std::span<const T> frame(std::size_t i) const { return {values.data() + i * stride, rows}; }
};

using Spectrogram = BasicSpectrogram<float>;
/// The complex64 values of an STFT.
using ComplexSpectrogram = BasicSpectrogram<std::complex<float>>;

}  // namespace parlando::audio
