#pragma once

#include <cstddef>
#include <vector>

#include "train/kernels/cpu_kernels.h"

namespace parlando::train {

/// A float32 matrix in memory: element (row, column) lies at
/// data[row * row_stride + column * column_stride].
struct MatrixView {
  const float* data = nullptr;
  std::size_t rows = 0, columns = 0;
  std::size_t row_stride = 0, column_stride = 1;

  MatrixView transposed() const { return {data, columns, rows, column_stride, row_stride}; }
  MatrixView columns_from(std::size_t first, std::size_t count) const {
    return {data + first * column_stride, rows, count, row_stride, column_stride};
  }
};

/// The right factor of a product, laid out in panels as the kernel reads them.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  PackedMatrix(const MatrixView& matrix, const CpuKernels& kernels);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  const float* panel(std::size_t index) const { return data_.data() + index * rows_ * width_; }

 private:
  std::size_t rows_ = 0, columns_ = 0, width_ = 0;
  std::vector<float> data_;
};

/// c[left.rows, right.columns] = or += left * right. One of left's strides must be 1. Each element
/// is summed over blocks of a fixed length in the order of the common index: the result does not
/// depend on the number of rows given at once. Runs in the calling thread.
void multiply(const MatrixView& left, const PackedMatrix& right, float* c, std::size_t c_row,
              bool accumulate, const CpuKernels& kernels);

/// As much of the common index as one block of a product holds.
constexpr std::size_t kGemmDepth = 256;

/// Adds left[rows, depth] * panel[depth, tile_columns] to the first `columns` columns of c.
void multiply_panel(const MatrixView& left, const float* panel, std::size_t columns, float* c,
                    std::size_t c_row, bool accumulate, const CpuKernels& kernels);

}  // namespace parlando::train
