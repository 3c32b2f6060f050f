#pragma once

#include <cstddef>

#include "train/kernels/aligned_floats.h"
#include "train/kernels/cpu_kernels.h"

namespace parlando::train {

/// A 1-D convolution of stride 1 with `padding` zeros before and behind. Of one sample the input is
/// [frames, inputs] and the output [output_frames(), outputs], both dense.
struct ConvolutionShape {
  std::size_t inputs = 0, outputs = 0, taps = 0;
  std::size_t frames = 0, padding = 0;

  std::size_t output_frames() const { return frames + 2 * padding + 1 - taps; }
  std::size_t tile() const { return WinogradKernels::outputs(taps); }  ///< outputs of a tile
  std::size_t tiles() const { return (output_frames() + tile() - 1) / tile(); }
  /// Floats from one row of transformed inputs to the next.
  std::size_t input_row() const { return AlignedFloats::stride(inputs); }

  /// That which makes the gradient of the input of one of the output, from the flipped taps
  /// [taps, outputs, inputs].
  ConvolutionShape backward() const {
    return {.inputs = outputs,
            .outputs = inputs,
            .taps = taps,
            .frames = output_frames(),
            .padding = taps - 1 - padding};
  }
};

/// Whether the two classes below can run it: 3 to 5 taps, padding below that, some output.
bool can_filter(const ConvolutionShape& shape);

/// A convolution in float32 by minimal filtering (WinogradKernels), which multiplies 2.25 to 2.5
/// times less than the definition. Its rounding errors are two to three times those of float32 sums
/// by the definition, about 2e-6 of the largest output. No sample's result depends on others.
class WinogradConvolution {
 public:
  /// `taps` [taps, inputs, outputs]; they are transformed here.
  WinogradConvolution(const ConvolutionShape& shape, const float* taps, const CpuKernels& kernels);

  /// What run() needs besides, one for each thread.
  struct Scratch {
    AlignedFloats input, products;
  };
  Scratch make_scratch() const;

  /// One sample; `bias` [outputs], or null for none.
  void run(const float* in, const float* bias, float* out, Scratch& scratch) const;

 private:
  ConvolutionShape shape_;
  const CpuKernels& kernels_;
  std::size_t panels_;
  AlignedFloats filter_;  ///< [points, panels, inputs, tile_columns]
};

/// The gradient of such a convolution's taps: the same algorithm, transposed. The sum over tiles
/// and samples, some samples at a time, has an order that depends on the shape alone.
class WinogradTapsGradient {
 public:
  WinogradTapsGradient(const ConvolutionShape& shape, const CpuKernels& kernels);

  std::size_t samples_at_once() const { return samples_; }
  /// Pieces of work of add_products().
  std::size_t pieces() const { return WinogradKernels::kPoints * panels_; }

  /// Takes the `slot`-th of the samples at once. Other slots may run side by side.
  void take(std::size_t slot, const float* in, const float* output_gradient);
  /// Adds the products of the first `samples` slots. Other pieces may run side by side.
  void add_products(std::size_t samples, std::size_t piece);
  /// Sets `taps` [taps, inputs, outputs] to the sum.
  void finish(float* taps) const;

 private:
  std::size_t point_stride() const { return samples_ * shape_.tiles(); }

  ConvolutionShape shape_;
  const CpuKernels& kernels_;
  std::size_t panels_, samples_;
  AlignedFloats input_;     ///< [points, samples, tiles, input_row()]
  AlignedFloats gradient_;  ///< [points, panels, samples, tiles, tile_columns]
  AlignedFloats sums_;      ///< [points, inputs, panels, tile_columns]
};

}  // namespace parlando::train
