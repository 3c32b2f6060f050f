#pragma once

#include <cstddef>

#include "train/kernels/block_kernels.h"
#include "train/kernels/winograd_kernels.h"

namespace parlando::train {

/// Arguments of one step of an LSTM for some rows of a batch. Gates lie as i f g o, each `hidden`
/// wide; a row of `gates` starts `gates_stride` floats after the one before, the others likewise.
struct LstmStep {
  std::size_t rows = 0;
  std::size_t hidden = 0;
  std::size_t gates_stride = 0;
  std::size_t state_stride = 0;        ///< of cell_before, cell, tanh_cell
  const float* cell_before = nullptr;  ///< [rows, hidden]
  const bool* valid = nullptr;  ///< per row; null: all. What is not valid gets a state of zeros
};

/// The inner loops whose speed depends on the instruction set, in float32.
struct CpuKernels {
  const char* name;
  std::size_t tile_rows;     ///< rows of C that tile() makes at the most
  std::size_t tile_columns;  ///< columns of C that tile() makes: the width of a packed panel

  /// C[rows, tile_columns] = or += A[rows, depth] * panel[depth, tile_columns], rows <= tile_rows.
  /// A(r, k) = a[r * a_row + k * a_depth]. Every element is one chain of products over k, so that
  /// it does not depend on `rows`.
  void (*tile)(std::size_t rows, std::size_t depth, const float* a, std::size_t a_row,
               std::size_t a_depth, const float* panel, float* c, std::size_t c_row,
               bool accumulate);

  /// Activates `gates` in place and makes the cell, its tanh and the output [rows, hidden].
  void (*lstm_forward)(const LstmStep& step, float* gates, float* cell, float* tanh_cell,
                       float* output, std::size_t output_stride);

  /// From activated `gates`, d output and d cell [rows, hidden], dense: d of the gates before
  /// activation; d cell becomes that of the step before.
  void (*lstm_backward)(const LstmStep& step, const float* gates, const float* tanh_cell,
                        const float* output_gradient, float* cell_gradient, float* gates_gradient);

  BlockKernels block;
  WinogradKernels winograd;
};

/// Those of the widest instruction set that this processor has.
const CpuKernels& cpu_kernels();

/// Each of the sets that this processor can run, for tests: the plain one first.
struct CpuKernelList {
  const CpuKernels* sets[3];
  std::size_t count;
};
CpuKernelList runnable_cpu_kernels();

/// Whether this processor multiplies bfloat16 numbers itself (AVX512_BF16); elsewhere they are
/// slower than float32.
bool has_fast_bfloat16();

}  // namespace parlando::train
