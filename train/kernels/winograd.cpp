#include "train/kernels/winograd.h"

#include <algorithm>

#include "train/kernels/gemm.h"

namespace parlando::train {
namespace {

constexpr std::size_t kPoints = WinogradKernels::kPoints;
/// Tiles that a product of the taps' gradient sums over at once: as many as leave its factors in
/// the first-level cache.
constexpr std::size_t kTilesAtOnce = 128;
/// Tiles that it takes before it multiplies: so many that threads seldom wait for each other.
constexpr std::size_t kTilesOfGroup = 256;

std::size_t panels_of(std::size_t columns, const CpuKernels& kernels) {
  return (columns + kernels.tile_columns - 1) / kernels.tile_columns;
}

/// Points of all tiles of a sample's input, [points, tiles, input_row()], points `out_point` floats
/// apart.
void transform_input(const ConvolutionShape& shape, const CpuKernels& kernels, const float* in,
                     float* out, std::size_t out_point) {
  const std::size_t channels = shape.inputs;
  std::vector<float> edge;
  for (std::size_t t = 0; t < shape.tiles(); ++t) {
    // Of the padded input; the tile's rows [first, first + kPoints) may lie outside of the input.
    const std::size_t first = t * shape.tile();
    const std::size_t begin = std::max(first, shape.padding);
    const std::size_t end = std::min(first + kPoints, shape.padding + shape.frames);
    float* to = out + t * shape.input_row();
    if (begin == first && end == first + kPoints) {
      kernels.winograd.input(channels, in + (first - shape.padding) * channels, channels, to,
                             out_point);
      continue;
    }
    edge.assign(kPoints * channels, 0.0F);
    if (begin < end) {
      std::copy_n(in + (begin - shape.padding) * channels, (end - begin) * channels,
                  edge.data() + (begin - first) * channels);
    }
    kernels.winograd.input(channels, edge.data(), channels, to, out_point);
  }
}

}  // namespace

bool can_filter(const ConvolutionShape& shape) {
  return shape.taps >= WinogradKernels::kLeastTaps && shape.taps <= WinogradKernels::kMostTaps &&
         shape.padding < shape.taps && shape.frames + 2 * shape.padding >= shape.taps;
}

WinogradConvolution::WinogradConvolution(const ConvolutionShape& shape, const float* taps,
                                         const CpuKernels& kernels)
    : shape_(shape),
      kernels_(kernels),
      panels_(panels_of(shape.outputs, kernels)),
      filter_(kPoints * panels_ * shape.inputs * kernels.tile_columns) {
  const std::size_t width = kernels.tile_columns;
  const std::size_t panel = shape.inputs * width;
  if (shape.outputs % width != 0) filter_.clear();  // the last panel's columns behind the last
  for (std::size_t i = 0; i < panels_; ++i) {
    const std::size_t columns = std::min(width, shape.outputs - i * width);
    for (std::size_t c = 0; c < shape.inputs; ++c) {
      kernels.winograd.filter(shape.taps, columns, taps + c * shape.outputs + i * width,
                              shape.inputs * shape.outputs, filter_.data() + i * panel + c * width,
                              panels_ * panel);
    }
  }
}

WinogradConvolution::Scratch WinogradConvolution::make_scratch() const {
  const std::size_t rows = kPoints * shape_.tiles();
  return {.input = AlignedFloats(rows * shape_.input_row()),
          .products = AlignedFloats(rows * kernels_.tile_columns)};
}

void WinogradConvolution::run(const float* in, const float* bias, float* out,
                              Scratch& scratch) const {
  const std::size_t width = kernels_.tile_columns;
  const std::size_t tiles = shape_.tiles();
  const std::size_t inputs = shape_.inputs;
  const std::size_t row = shape_.input_row();
  transform_input(shape_, kernels_, in, scratch.input.data(), tiles * row);
  for (std::size_t i = 0; i < panels_; ++i) {
    for (std::size_t p = 0; p < kPoints; ++p) {
      const MatrixView left{scratch.input.data() + p * tiles * row, tiles, inputs, row, 1};
      const float* panel = filter_.data() + (p * panels_ + i) * inputs * width;
      for (std::size_t k = 0; k < inputs; k += kGemmDepth) {
        multiply_panel(left.columns_from(k, std::min(kGemmDepth, inputs - k)), panel + k * width,
                       width, scratch.products.data() + p * tiles * width, width, k > 0, kernels_);
      }
    }
    const std::size_t columns = std::min(width, shape_.outputs - i * width);
    for (std::size_t t = 0; t < tiles; ++t) {
      const std::size_t first = t * shape_.tile();
      kernels_.winograd.output(shape_.taps, columns, scratch.products.data() + t * width,
                               tiles * width, bias == nullptr ? nullptr : bias + i * width,
                               std::min(shape_.tile(), shape_.output_frames() - first),
                               out + first * shape_.outputs + i * width, shape_.outputs);
    }
  }
}

WinogradTapsGradient::WinogradTapsGradient(const ConvolutionShape& shape, const CpuKernels& kernels)
    : shape_(shape),
      kernels_(kernels),
      panels_(panels_of(shape.outputs, kernels)),
      samples_(std::max(std::size_t{1}, kTilesOfGroup / shape.tiles())),
      input_(kPoints * point_stride() * shape.input_row()),
      gradient_(kPoints * panels_ * point_stride() * kernels.tile_columns),
      sums_(kPoints * shape.inputs * panels_ * kernels.tile_columns) {
  if (shape.outputs % kernels.tile_columns != 0) gradient_.clear();
  sums_.clear();
}

void WinogradTapsGradient::take(std::size_t slot, const float* in, const float* output_gradient) {
  const std::size_t width = kernels_.tile_columns;
  const std::size_t first_tile = slot * shape_.tiles();
  transform_input(shape_, kernels_, in, input_.data() + first_tile * shape_.input_row(),
                  point_stride() * shape_.input_row());
  for (std::size_t t = 0; t < shape_.tiles(); ++t) {
    const std::size_t first = t * shape_.tile();
    const std::size_t count = std::min(shape_.tile(), shape_.output_frames() - first);
    for (std::size_t i = 0; i < panels_; ++i) {
      kernels_.winograd.output_gradient(
          shape_.taps, std::min(width, shape_.outputs - i * width), count,
          output_gradient + first * shape_.outputs + i * width, shape_.outputs,
          gradient_.data() + (i * point_stride() + first_tile + t) * width,
          panels_ * point_stride() * width);
    }
  }
}

void WinogradTapsGradient::add_products(std::size_t samples, std::size_t piece) {
  const std::size_t width = kernels_.tile_columns;
  const std::size_t point = piece / panels_;
  const std::size_t inputs = shape_.inputs;
  const std::size_t row = shape_.input_row();
  const float* input = input_.data() + point * point_stride() * row;
  const float* panel = gradient_.data() + piece * point_stride() * width;
  float* sums = sums_.data() + point * inputs * panels_ * width + piece % panels_ * width;
  const std::size_t tiles = samples * shape_.tiles();
  for (std::size_t t = 0; t < tiles; t += kTilesAtOnce) {
    const std::size_t depth = std::min(kTilesAtOnce, tiles - t);
    const MatrixView rows{input + t * row, depth, inputs, row, 1};
    multiply_panel(rows.transposed(), panel + t * width, width, sums, panels_ * width, true,
                   kernels_);
  }
}

void WinogradTapsGradient::finish(float* taps) const {
  const std::size_t row = panels_ * kernels_.tile_columns;
  for (std::size_t c = 0; c < shape_.inputs; ++c) {
    kernels_.winograd.filter_gradient(shape_.taps, shape_.outputs, sums_.data() + c * row,
                                      shape_.inputs * row, taps + c * shape_.outputs,
                                      shape_.inputs * shape_.outputs);
  }
}

}  // namespace parlando::train
