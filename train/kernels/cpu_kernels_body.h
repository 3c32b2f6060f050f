#pragma once

// The loops of CpuKernels over vectors of Lanes floats. Compiled once for each instruction set, by
// a source file with its own flags; hence no function of the standard library here, whose shared
// copies would be made with those flags too.

#include <cstddef>
#include <cstdint>

#include "train/kernels/block_kernels_body.h"
#include "train/kernels/cpu_kernels.h"
#include "train/kernels/vectors.h"
#include "train/kernels/winograd_body.h"

namespace parlando::train {
namespace {

template <int Lanes, int Rows, int Columns, bool Transposed>
[[gnu::noinline]] void make_tile(std::size_t depth, const float* __restrict a, std::size_t a_row,
                                 std::size_t a_depth, const float* __restrict panel,
                                 float* __restrict c, std::size_t c_row, bool accumulate) {
  using Float = typename Vectors<Lanes>::Float;
  Float sums[Rows][Columns] = {};
  for (std::size_t k = 0; k < depth; ++k) {
    Float b[Columns];
#pragma GCC unroll 8
    for (int v = 0; v < Columns; ++v) b[v] = load<Float>(panel + v * Lanes);
#pragma GCC unroll 16
    for (std::size_t r = 0; r < Rows; ++r) {
      const float x = Transposed ? a[r] : a[r * a_row];
#pragma GCC unroll 8
      for (int v = 0; v < Columns; ++v) sums[r][v] += x * b[v];
    }
    a += Transposed ? a_depth : 1;
    panel += Columns * Lanes;
  }
#pragma GCC unroll 16
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < Columns; ++v) {
      float* to = c + r * c_row + static_cast<std::size_t>(v * Lanes);
      store(accumulate ? load<Float>(to) + sums[r][v] : sums[r][v], to);
    }
  }
}

template <int Lanes, int Rows, int Columns>
void make_tile_of(std::size_t rows, std::size_t depth, const float* a, std::size_t a_row,
                  std::size_t a_depth, const float* panel, float* c, std::size_t c_row,
                  bool accumulate) {
  if (rows == Rows) {
    if (a_row == 1) {
      make_tile<Lanes, Rows, Columns, true>(depth, a, a_row, a_depth, panel, c, c_row, accumulate);
    } else {
      make_tile<Lanes, Rows, Columns, false>(depth, a, a_row, a_depth, panel, c, c_row, accumulate);
    }
  } else if constexpr (Rows > 1) {
    make_tile_of<Lanes, Rows - 1, Columns>(rows, depth, a, a_row, a_depth, panel, c, c_row,
                                           accumulate);
  }
}

/// e^x for |x| <= 87, relative error below 2e-7: 2^n times a polynomial on [-ln 2 / 2, ln 2 / 2]
/// (Cephes, expf).
template <int Lanes>
inline typename Vectors<Lanes>::Float exponential(typename Vectors<Lanes>::Float x) {
  using Float = typename Vectors<Lanes>::Float;
  using Int = typename Vectors<Lanes>::Int;
  constexpr float kRounder = 12582912.0F;  // 1.5 * 2^23: adding it rounds to an integer
  const Float shifted = x * 1.44269504088896341F + kRounder;
  const Float n = shifted - kRounder;
  const Float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
  Float p = r * 1.9875691500e-4F + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const Int power = __builtin_bit_cast(Int, shifted) << 23;
  return __builtin_bit_cast(Float, __builtin_bit_cast(Int, p) + power);
}

template <int Lanes>
inline typename Vectors<Lanes>::Float clamped(typename Vectors<Lanes>::Float x, float limit) {
  using Float = typename Vectors<Lanes>::Float;
  const Float high = Float{} + limit;
  x = x > high ? high : x;
  return x < -high ? -high : x;
}

template <int Lanes>
inline typename Vectors<Lanes>::Float sigmoid(typename Vectors<Lanes>::Float x) {
  return 1.0F / (1.0F + exponential<Lanes>(-clamped<Lanes>(x, 87.0F)));
}

/// Near zero by Cephes' polynomial, elsewhere by 1 - 2 / (e^2x + 1).
template <int Lanes>
inline typename Vectors<Lanes>::Float tangent(typename Vectors<Lanes>::Float x) {
  using Float = typename Vectors<Lanes>::Float;
  const Float z = x * x;
  Float p = z * -5.70498872745e-3F + 2.06390887954e-2F;
  p = p * z - 5.37397155531e-2F;
  p = p * z + 1.33314422036e-1F;
  p = p * z - 3.33332819422e-1F;
  const Float near = p * z * x + x;
  const Float far = 1.0F - 2.0F / (exponential<Lanes>(2.0F * clamped<Lanes>(x, 40.0F)) + 1.0F);
  return z < 0.390625F ? near : far;
}

template <int Lanes>
struct ForwardLanes {
  using Float = typename Vectors<Lanes>::Float;
  Float input, forget, candidate, output, cell, tanh_cell, hidden;

  inline void activate(Float cell_before) {
    input = sigmoid<Lanes>(input);
    forget = sigmoid<Lanes>(forget);
    candidate = tangent<Lanes>(candidate);
    output = sigmoid<Lanes>(output);
    cell = forget * cell_before + input * candidate;
    tanh_cell = tangent<Lanes>(cell);
    hidden = output * tanh_cell;
  }
};

template <int Lanes>
void run_lstm_forward(const LstmStep& step, float* gates, float* cell, float* tanh_cell,
                      float* output, std::size_t output_stride) {
  using Float = typename Vectors<Lanes>::Float;
  const std::size_t hidden = step.hidden;
  for (std::size_t r = 0; r < step.rows; ++r) {
    float* g = gates + r * step.gates_stride;
    const std::size_t s = r * step.state_stride;
    float* out = output + r * output_stride;
    if (step.valid != nullptr && !step.valid[r]) {
      for (std::size_t k = 0; k < 4 * hidden; ++k) g[k] = 0;
      for (std::size_t k = 0; k < hidden; ++k) cell[s + k] = tanh_cell[s + k] = out[k] = 0;
      continue;
    }
    for (std::size_t k = 0; k < hidden; k += Lanes) {
      const std::size_t n = hidden - k < Lanes ? hidden - k : Lanes;
      ForwardLanes<Lanes> lanes;
      const float* before = step.cell_before + s + k;
      if (n == Lanes) {
        lanes.input = load<Float>(g + k);
        lanes.forget = load<Float>(g + hidden + k);
        lanes.candidate = load<Float>(g + 2 * hidden + k);
        lanes.output = load<Float>(g + 3 * hidden + k);
        lanes.activate(load<Float>(before));
        store(lanes.input, g + k);
        store(lanes.forget, g + hidden + k);
        store(lanes.candidate, g + 2 * hidden + k);
        store(lanes.output, g + 3 * hidden + k);
        store(lanes.cell, cell + s + k);
        store(lanes.tanh_cell, tanh_cell + s + k);
        store(lanes.hidden, out + k);
      } else {
        lanes.input = load_part<Float>(g + k, n);
        lanes.forget = load_part<Float>(g + hidden + k, n);
        lanes.candidate = load_part<Float>(g + 2 * hidden + k, n);
        lanes.output = load_part<Float>(g + 3 * hidden + k, n);
        lanes.activate(load_part<Float>(before, n));
        store_part(lanes.input, g + k, n);
        store_part(lanes.forget, g + hidden + k, n);
        store_part(lanes.candidate, g + 2 * hidden + k, n);
        store_part(lanes.output, g + 3 * hidden + k, n);
        store_part(lanes.cell, cell + s + k, n);
        store_part(lanes.tanh_cell, tanh_cell + s + k, n);
        store_part(lanes.hidden, out + k, n);
      }
    }
  }
}

/// Plain loops: the compiler makes vectors of them, as nothing here is a function call.
[[gnu::noinline]] inline void differentiate_row(std::size_t hidden, const float* __restrict gates,
                                                const float* __restrict tanh_cell,
                                                const float* __restrict cell_before,
                                                const float* __restrict output_gradient,
                                                float* __restrict cell_gradient,
                                                float* __restrict gates_gradient) {
  for (std::size_t k = 0; k < hidden; ++k) {
    const float i = gates[k];
    const float f = gates[hidden + k];
    const float g = gates[2 * hidden + k];
    const float o = gates[3 * hidden + k];
    const float t = tanh_cell[k];
    const float dh = output_gradient[k];
    const float dc = cell_gradient[k] + dh * o * (1.0F - t * t);
    gates_gradient[k] = dc * g * i * (1.0F - i);
    gates_gradient[hidden + k] = dc * cell_before[k] * f * (1.0F - f);
    gates_gradient[2 * hidden + k] = dc * i * (1.0F - g * g);
    gates_gradient[3 * hidden + k] = dh * t * o * (1.0F - o);
    cell_gradient[k] = dc * f;
  }
}

inline void run_lstm_backward(const LstmStep& step, const float* gates, const float* tanh_cell,
                              const float* output_gradient, float* cell_gradient,
                              float* gates_gradient) {
  for (std::size_t r = 0; r < step.rows; ++r) {
    const std::size_t s = r * step.state_stride;
    const std::size_t g = r * step.gates_stride;
    const std::size_t d = r * step.hidden;
    differentiate_row(step.hidden, gates + g, tanh_cell + s, step.cell_before + s,
                      output_gradient + d, cell_gradient + d, gates_gradient + g);
  }
}

template <int Lanes, int Rows, int Columns>
constexpr CpuKernels kernels_of(const char* name) {
  return {.name = name,
          .tile_rows = Rows,
          .tile_columns = Columns * Lanes,
          .tile = make_tile_of<Lanes, Rows, Columns>,
          .lstm_forward = run_lstm_forward<Lanes>,
          .lstm_backward = run_lstm_backward,
          .block = block_kernels_of<Lanes>(),
          .winograd = winograd_kernels_of<Lanes>()};
}

}  // namespace
}  // namespace parlando::train
