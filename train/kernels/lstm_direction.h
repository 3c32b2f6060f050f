#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/kernels/gemm.h"

namespace parlando::train {

struct LstmShape {
  std::size_t batch = 0, time = 0, inputs = 0, hidden = 0;

  std::size_t gates() const { return 4 * hidden; }
  std::size_t rows() const { return batch * time; }
};

/// One direction of an LSTM layer in float32, as pieces of work that may run side by side where
/// they are of other times, rows or columns. No element of a result depends on how the work was
/// divided.
///
/// Inputs and outputs lie as [batch, time, ...], with `stride` floats from one step to the next;
/// what only this operator sees, gates, cells and their gradients, as [time, batch, ...].
class LstmDirection {
 public:
  struct Weights {
    const float* input;      ///< [4 hidden, inputs], gates in the order i f g o
    const float* recurrent;  ///< [4 hidden, hidden]
    const float* bias;       ///< [4 hidden]
  };
  /// Factors for each gate, the same at all steps; null: none.
  struct Masks {
    const float* input = nullptr;      ///< [batch, 4, inputs]
    const float* recurrent = nullptr;  ///< [batch, 4, hidden]
  };
  /// What the forward pass leaves for the backward pass.
  struct Tape {
    float* gates;      ///< [time, batch, 4 hidden], activated
    float* cells;      ///< [time, batch, hidden]
    float* tanh_cell;  ///< [time, batch, hidden]
  };

  /// `lengths`: valid steps of each sample, or empty: all. All pointers must outlive the object.
  LstmDirection(const LstmShape& shape, const Weights& weights, const Masks& masks,
                std::span<const std::int64_t> lengths, bool backwards);

  /// Forward, first for all times, then for all rows: the inputs' share of the gates; the steps.
  void project(const float* input, float* gates, std::size_t time_begin,
               std::size_t time_end) const;
  void run(const Tape& tape, float* output, std::size_t stride, std::size_t row_begin,
           std::size_t row_end) const;

  /// Backward, first for all rows: gradients of the gates before activation [time, batch,
  /// 4 hidden].
  void run_backward(const Tape& tape, const float* output_gradient, std::size_t stride,
                    float* gates_gradient, std::size_t row_begin, std::size_t row_end) const;
  /// Adds to, or sets, d input for some times.
  void input_gradient(const float* gates_gradient, float* gradient, bool accumulate,
                      std::size_t time_begin, std::size_t time_end) const;
  /// Columns [32 i, 32 i + 32) or so of d input weight and d recurrent weight: `panel` counts those
  /// of the input weight first, then those of the recurrent one.
  std::size_t weight_panels() const;
  void weight_gradient(const float* gates_gradient, const float* input, const float* output,
                       std::size_t stride, std::size_t panel, float* input_weight,
                       float* recurrent_weight) const;
  void bias_gradient(const float* gates_gradient, float* bias) const;

 private:
  /// Steps whose rows are the right factor of a product with the gates' gradients.
  struct Rows {
    const float* data;  ///< of the first sample at the first time
    std::size_t sample_stride, time_stride, width;
    std::size_t times, first_gradient;  ///< times, and the time of the gradient that goes with it
    const float* mask;
  };

  std::size_t time_at(std::size_t step) const { return backwards_ ? shape_.time - 1 - step : step; }
  void find_valid(std::size_t time, std::size_t row_begin, std::span<bool> valid) const;
  void multiply_columns(const float* gates_gradient, const Rows& rows, std::size_t first,
                        float* weight) const;

  const CpuKernels& kernels_;
  LstmShape shape_;
  Weights weights_;
  Masks masks_;
  std::span<const std::int64_t> lengths_;
  bool backwards_;
};

}  // namespace parlando::train
