#pragma once

#include <cstddef>
#include <cstdint>

namespace parlando::train {

/// Numbers in memory: float32, or bfloat16 that loops widen as they read and round as they write.
struct Numbers {
  void* data = nullptr;
  bool narrow = false;  ///< bfloat16

  Numbers at(std::size_t index) const {
    return {static_cast<char*>(data) + index * (narrow ? 2 : 4), narrow};
  }
};

/// One row of the outputs of a pooling, whose windows lie side by side: [outputs, channels] from
/// [height, >= outputs * width, channels], of which a row starts `input_row` numbers behind the one
/// before.
struct PoolRow {
  std::size_t outputs = 0, channels = 0;
  std::size_t height = 1, width = 1;
  std::size_t input_row = 0;
};

/// Pixels of one sample with what dropout keeps of them; `keep` [pixels, channels] 0 or 1, or null:
/// all.
struct DroppedPixels {
  std::size_t pixels = 0, channels = 0;
  const std::uint8_t* keep = nullptr;
};

/// The counter-based stream that dropout of one layer draws from for one sample: Philox 4x32-10
/// with counters (number, layer_epoch, position).
struct KeepStream {
  std::uint32_t key[2] = {0, 0};
  std::uint32_t layer_epoch = 0;
  std::uint64_t position = 0;
  std::uint32_t threshold = 0;  ///< what is below is dropped
};

/// Loops of what follows a convolution (ReLU, maximum, batch norm, dropout) over channels-last
/// pixels, and of a convolution of one channel. Sums are in float32: give a few pixels at a time.
struct BlockKernels {
  /// Larger windows have more pixels than a byte can number.
  static constexpr std::size_t kLargestWindow = 254;
  static constexpr std::uint8_t kNowhere = 255;

  /// Maxima of ReLU, and the number of the pixel of the window that each is, or kNowhere where none
  /// is above 0; a NaN stays one. `in` and `out` may differ in width.
  void (*relu_pool)(const PoolRow& row, Numbers in, Numbers out, std::uint8_t* winner);

  /// Adds, for each channel, sum z and sum z^2.
  void (*add_moments)(std::size_t pixels, std::size_t channels, Numbers z, float* sum,
                      float* square);

  /// keep[i] = 1 with probability 1 - threshold / 2^32, else 0, for the i-th element of a sample.
  /// Element k of a group of 64 is word k / 16 of counter group * 16 + k % 16.
  void (*draw_keep)(const KeepStream& stream, std::size_t count, std::uint8_t* keep);

  /// out = keep ? z * scale + shift : 0, with `scale`, `shift` [channels].
  void (*scale_and_drop)(const DroppedPixels& pixels, Numbers z, const float* scale,
                         const float* shift, Numbers out);

  /// Adds, for each channel, sum g and sum g * z of g = keep ? gradient : 0.
  void (*add_products)(const DroppedPixels& pixels, Numbers gradient, Numbers z, float* sum,
                       float* product);

  /// From the gradient of a row of outputs, that of its windows: g * a + z * b + c at the winner,
  /// zero at its neighbours, with g as above and a, b, c [channels].
  void (*spread)(const PoolRow& row, const std::uint8_t* keep, Numbers gradient, Numbers z,
                 const std::uint8_t* winner, const float* a, const float* b, const float* c,
                 Numbers out);

  /// out[x, channels] = bias + sum over kernel x kernel of weight[tap, channels] * in[ty, x + tx];
  /// `in` has rows of `in_row` numbers.
  void (*convolve)(std::size_t pixels, std::size_t channels, std::size_t kernel, const float* in,
                   std::size_t in_row, const float* weight, const float* bias, float* out);

  /// Adds the gradient of that weight [tap, channels], from one [pixels, channels] of its output.
  void (*correlate)(std::size_t pixels, std::size_t channels, std::size_t kernel, const float* in,
                    std::size_t in_row, const float* gradient, float* weight);
};

}  // namespace parlando::train
