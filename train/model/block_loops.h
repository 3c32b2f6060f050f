#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "train/kernels/cpu_kernels.h"

namespace parlando::train {

/// Shape of a convolution's output, channels-last, and of the windows that are pooled from it.
struct BlockShape {
  std::size_t batch = 0, height = 0, width = 0, channels = 0;
  std::size_t pool_height = 1, pool_width = 1;

  std::size_t out_height() const { return height / pool_height; }
  std::size_t out_width() const { return width / pool_width; }
  std::size_t row() const { return width * channels; }  ///< numbers of a row of the output
  std::size_t out_row() const { return out_width() * channels; }
  std::size_t sample() const { return height * row(); }
  std::size_t out_sample() const { return out_height() * out_row(); }
  PoolRow pool_row() const {
    return {.outputs = out_width(),
            .channels = channels,
            .height = pool_height,
            .width = pool_width,
            .input_row = row()};
  }
};

/// Numbers of pooled values and gradients, [batch, out_height, out_width, channels].
struct BlockValues {
  Numbers pooled;
  std::uint8_t* winner = nullptr;
  std::uint8_t* keep = nullptr;  ///< null: nothing is dropped
};

/// The passes over the samples of a block, divided among threads by samples. Sums are taken in an
/// order that does not depend on the number of threads.
class BlockLoops {
 public:
  /// Rows [y * pool_height, (y + 1) * pool_height) of the convolution's output.
  using RowsOf = std::function<Numbers(std::size_t y)>;
  /// Makes that function for a sample; called in the thread that then uses it.
  using RowsOfSample = std::function<RowsOf(std::size_t sample)>;
  explicit BlockLoops(const BlockShape& shape) : shape_(shape), kernels_(cpu_kernels().block) {}

  /// Makes the pooled values and their winners; with `moments`, [2 * channels], their sums and sums
  /// of squares.
  void pool(const RowsOfSample& rows, const BlockValues& values,
            std::vector<double>* moments) const;

  /// output = keep ? pooled * scale + shift : 0, where `draw` fills keep for a sample first.
  void scale_and_drop(const BlockValues& values, const std::vector<double>& scale,
                      const std::vector<double>& shift,
                      const std::function<void(std::size_t)>& draw, Numbers output) const;

  /// Sums of the kept gradients g, then of g * pooled, [2 * channels].
  std::vector<double> products(const BlockValues& values, Numbers gradient) const;

  /// The gradient a * g + b * pooled + c at the winners, for row y of a sample, into `out`.
  struct Coefficients {
    std::vector<float> a, b, c;
  };
  void spread_row(const BlockValues& values, Numbers gradient, const Coefficients& coefficients,
                  std::size_t sample, std::size_t y, Numbers out) const;

 private:
  BlockShape shape_;
  const BlockKernels& kernels_;
};

}  // namespace parlando::train
