#include "train/kernels/gemm.h"

#include <algorithm>
#include <array>

namespace parlando::train {
namespace {

constexpr std::size_t kLargestTile = 1024;  // floats of a tile, over all instruction sets

}  // namespace

PackedMatrix::PackedMatrix(const MatrixView& matrix, const CpuKernels& kernels)
    : rows_(matrix.rows), columns_(matrix.columns), width_(kernels.tile_columns) {
  const std::size_t panels = (columns_ + width_ - 1) / width_;
  data_.assign(panels * rows_ * width_, 0.0F);
  for (std::size_t p = 0; p < panels; ++p) {
    const std::size_t first = p * width_;
    const std::size_t count = std::min(width_, columns_ - first);
    float* to = data_.data() + p * rows_ * width_;
    if (matrix.column_stride == 1) {
      for (std::size_t k = 0; k < rows_; ++k)
        std::copy_n(matrix.data + k * matrix.row_stride + first, count, to + k * width_);
    } else {
      for (std::size_t n = 0; n < count; ++n) {
        const float* from = matrix.data + (first + n) * matrix.column_stride;
        for (std::size_t k = 0; k < rows_; ++k) to[k * width_ + n] = from[k * matrix.row_stride];
      }
    }
  }
}

void multiply_panel(const MatrixView& left, const float* panel, std::size_t columns, float* c,
                    std::size_t c_row, bool accumulate, const CpuKernels& kernels) {
  const std::size_t width = kernels.tile_columns;
  std::array<float, kLargestTile> edge;
  for (std::size_t r = 0; r < left.rows; r += kernels.tile_rows) {
    const std::size_t rows = std::min(kernels.tile_rows, left.rows - r);
    const float* a = left.data + r * left.row_stride;
    float* to = c + r * c_row;
    if (columns == width) {
      kernels.tile(rows, left.columns, a, left.row_stride, left.column_stride, panel, to, c_row,
                   accumulate);
      continue;
    }
    kernels.tile(rows, left.columns, a, left.row_stride, left.column_stride, panel, edge.data(),
                 width, false);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t n = 0; n < columns; ++n) {
        const float sum = edge[i * width + n];
        to[i * c_row + n] = accumulate ? to[i * c_row + n] + sum : sum;
      }
    }
  }
}

void multiply(const MatrixView& left, const PackedMatrix& right, float* c, std::size_t c_row,
              bool accumulate, const CpuKernels& kernels) {
  const std::size_t width = kernels.tile_columns;
  for (std::size_t n = 0; n < right.columns(); n += width) {
    const float* panel = right.panel(n / width);
    for (std::size_t k = 0; k < left.columns; k += kGemmDepth) {
      const std::size_t depth = std::min(kGemmDepth, left.columns - k);
      multiply_panel(left.columns_from(k, depth), panel + k * width,
                     std::min(width, right.columns() - n), c + n, c_row, accumulate || k > 0,
                     kernels);
    }
  }
}

}  // namespace parlando::train
