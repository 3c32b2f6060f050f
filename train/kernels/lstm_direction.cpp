#include "train/kernels/lstm_direction.h"

#include <algorithm>
#include <memory>

#include "common/core/multiversion.h"

namespace parlando::train {
namespace {

constexpr std::size_t kGates = 4;
constexpr std::size_t kSumRows = 64;  // summed in float32 before float64 takes over

PARLANDO_MULTIVERSION void multiply_rows(const float* __restrict a, const float* __restrict b,
                                         std::size_t count, float* __restrict out) {
  for (std::size_t k = 0; k < count; ++k) out[k] = a[k] * b[k];
}

PARLANDO_MULTIVERSION void add_product(const float* __restrict a, const float* __restrict b,
                                       std::size_t count, float* __restrict out) {
  for (std::size_t k = 0; k < count; ++k) out[k] += a[k] * b[k];
}

PARLANDO_MULTIVERSION void add(const float* __restrict a, std::size_t count,
                               float* __restrict out) {
  for (std::size_t k = 0; k < count; ++k) out[k] += a[k];
}

/// Right factors by gate where each gate has a mask of its own, else one for all gates.
/// `weight` [4 hidden, columns]; `transposed`: the factor is its transpose.
class GateFactors {
 public:
  GateFactors(const float* weight, std::size_t hidden, std::size_t columns, bool transposed,
              bool by_gate, const CpuKernels& kernels)
      : width_(by_gate ? hidden : kGates * hidden) {
    for (std::size_t first = 0; first < kGates * hidden; first += width_) {
      const MatrixView part{weight + first * columns, width_, columns, columns, 1};
      factors_.emplace_back(transposed ? part.transposed() : part, kernels);
    }
  }
  std::size_t count() const { return factors_.size(); }
  std::size_t width() const { return width_; }  ///< gates' columns of each factor
  const PackedMatrix& operator[](std::size_t i) const { return factors_[i]; }

 private:
  std::size_t width_;
  std::vector<PackedMatrix> factors_;
};

}  // namespace

LstmDirection::LstmDirection(const LstmShape& shape, const Weights& weights, const Masks& masks,
                             std::span<const std::int64_t> lengths, bool backwards)
    : kernels_(cpu_kernels()),
      shape_(shape),
      weights_(weights),
      masks_(masks),
      lengths_(lengths),
      backwards_(backwards) {}

void LstmDirection::project(const float* input, float* gates, std::size_t time_begin,
                            std::size_t time_end) const {
  const std::size_t batch = shape_.batch;
  const std::size_t inputs = shape_.inputs;
  const GateFactors factors(weights_.input, shape_.hidden, inputs, true, masks_.input != nullptr,
                            kernels_);
  std::vector<float> masked(masks_.input == nullptr ? 0 : batch * inputs);
  for (std::size_t t = time_begin; t < time_end; ++t) {
    float* out = gates + t * batch * shape_.gates();
    for (std::size_t b = 0; b < batch; ++b)
      std::copy_n(weights_.bias, shape_.gates(), out + b * shape_.gates());
    MatrixView left{input + t * inputs, batch, inputs, shape_.time * inputs, 1};
    for (std::size_t q = 0; q < factors.count(); ++q) {
      if (masks_.input != nullptr) {
        for (std::size_t b = 0; b < batch; ++b) {
          multiply_rows(input + (b * shape_.time + t) * inputs,
                        masks_.input + (b * kGates + q) * inputs, inputs,
                        masked.data() + b * inputs);
        }
        left = {masked.data(), batch, inputs, inputs, 1};
      }
      multiply(left, factors[q], out + q * factors.width(), shape_.gates(), true, kernels_);
    }
  }
}

void LstmDirection::find_valid(std::size_t time, std::size_t row_begin,
                               std::span<bool> valid) const {
  for (std::size_t r = 0; r < valid.size(); ++r)
    valid[r] = static_cast<std::int64_t>(time) < lengths_[row_begin + r];
}

void LstmDirection::run(const Tape& tape, float* output, std::size_t stride, std::size_t row_begin,
                        std::size_t row_end) const {
  const std::size_t hidden = shape_.hidden;
  const std::size_t rows = row_end - row_begin;
  const GateFactors factors(weights_.recurrent, hidden, hidden, true, masks_.recurrent != nullptr,
                            kernels_);
  std::vector<float> state(rows * hidden), masked(rows * hidden);
  const std::vector<float> zeros(rows * hidden);
  const auto valid = std::make_unique<bool[]>(rows);
  LstmStep step{.rows = rows,
                .hidden = hidden,
                .gates_stride = shape_.gates(),
                .state_stride = hidden,
                .cell_before = zeros.data(),
                .valid = lengths_.empty() ? nullptr : valid.get()};
  for (std::size_t s = 0; s < shape_.time; ++s) {
    const std::size_t t = time_at(s);
    const std::size_t first = t * shape_.batch + row_begin;
    float* gates = tape.gates + first * shape_.gates();
    for (std::size_t q = 0; s > 0 && q < factors.count(); ++q) {
      const float* left = state.data();
      if (masks_.recurrent != nullptr) {
        for (std::size_t r = 0; r < rows; ++r) {
          multiply_rows(state.data() + r * hidden,
                        masks_.recurrent + ((row_begin + r) * kGates + q) * hidden, hidden,
                        masked.data() + r * hidden);
        }
        left = masked.data();
      }
      multiply({left, rows, hidden, hidden, 1}, factors[q], gates + q * factors.width(),
               shape_.gates(), true, kernels_);
    }
    if (step.valid != nullptr) find_valid(t, row_begin, {valid.get(), rows});
    float* cells = tape.cells + first * hidden;
    kernels_.lstm_forward(step, gates, cells, tape.tanh_cell + first * hidden, state.data(),
                          hidden);
    step.cell_before = cells;
    for (std::size_t r = 0; r < rows; ++r) {
      std::copy_n(state.data() + r * hidden, hidden,
                  output + ((row_begin + r) * shape_.time + t) * stride);
    }
  }
}

void LstmDirection::run_backward(const Tape& tape, const float* output_gradient, std::size_t stride,
                                 float* gates_gradient, std::size_t row_begin,
                                 std::size_t row_end) const {
  const std::size_t hidden = shape_.hidden;
  const std::size_t rows = row_end - row_begin;
  const GateFactors factors(weights_.recurrent, hidden, hidden, false, masks_.recurrent != nullptr,
                            kernels_);
  std::vector<float> state_gradient(rows * hidden), cell_gradient(rows * hidden),
      part(rows * hidden);
  const std::vector<float> zeros(rows * hidden);
  LstmStep step{.rows = rows,
                .hidden = hidden,
                .gates_stride = shape_.gates(),
                .state_stride = hidden,
                .cell_before = zeros.data()};
  for (std::size_t s = shape_.time; s-- > 0;) {
    const std::size_t t = time_at(s);
    const std::size_t first = t * shape_.batch + row_begin;
    for (std::size_t r = 0; r < rows; ++r) {
      add(output_gradient + ((row_begin + r) * shape_.time + t) * stride, hidden,
          state_gradient.data() + r * hidden);
    }
    step.cell_before =
        s == 0 ? zeros.data() : tape.cells + (time_at(s - 1) * shape_.batch + row_begin) * hidden;
    float* gradient = gates_gradient + first * shape_.gates();
    kernels_.lstm_backward(step, tape.gates + first * shape_.gates(),
                           tape.tanh_cell + first * hidden, state_gradient.data(),
                           cell_gradient.data(), gradient);
    if (s == 0) break;
    if (masks_.recurrent == nullptr) {
      multiply({gradient, rows, shape_.gates(), shape_.gates(), 1}, factors[0],
               state_gradient.data(), hidden, false, kernels_);
      continue;
    }
    std::ranges::fill(state_gradient, 0.0F);
    for (std::size_t q = 0; q < kGates; ++q) {
      multiply({gradient + q * hidden, rows, hidden, shape_.gates(), 1}, factors[q], part.data(),
               hidden, false, kernels_);
      for (std::size_t r = 0; r < rows; ++r) {
        add_product(part.data() + r * hidden,
                    masks_.recurrent + ((row_begin + r) * kGates + q) * hidden, hidden,
                    state_gradient.data() + r * hidden);
      }
    }
  }
}

void LstmDirection::input_gradient(const float* gates_gradient, float* gradient, bool accumulate,
                                   std::size_t time_begin, std::size_t time_end) const {
  const std::size_t batch = shape_.batch;
  const std::size_t inputs = shape_.inputs;
  const GateFactors factors(weights_.input, shape_.hidden, inputs, false, masks_.input != nullptr,
                            kernels_);
  std::vector<float> part(masks_.input == nullptr ? 0 : batch * inputs);
  for (std::size_t t = time_begin; t < time_end; ++t) {
    const float* left = gates_gradient + t * batch * shape_.gates();
    float* out = gradient + t * inputs;
    const std::size_t out_stride = shape_.time * inputs;
    if (masks_.input == nullptr) {
      multiply({left, batch, shape_.gates(), shape_.gates(), 1}, factors[0], out, out_stride,
               accumulate, kernels_);
      continue;
    }
    for (std::size_t b = 0; !accumulate && b < batch; ++b)
      std::fill_n(out + b * out_stride, inputs, 0.0F);
    for (std::size_t q = 0; q < kGates; ++q) {
      multiply({left + q * shape_.hidden, batch, shape_.hidden, shape_.gates(), 1}, factors[q],
               part.data(), inputs, false, kernels_);
      for (std::size_t b = 0; b < batch; ++b) {
        add_product(part.data() + b * inputs, masks_.input + (b * kGates + q) * inputs, inputs,
                    out + b * out_stride);
      }
    }
  }
}

std::size_t LstmDirection::weight_panels() const {
  const std::size_t width = kernels_.tile_columns;
  return (shape_.inputs + width - 1) / width + (shape_.hidden + width - 1) / width;
}

void LstmDirection::multiply_columns(const float* gates_gradient, const Rows& rows,
                                     std::size_t first, float* weight) const {
  const std::size_t batch = shape_.batch;
  const std::size_t width = kernels_.tile_columns;
  const std::size_t columns = std::min(width, rows.width - first);
  const std::size_t gates = shape_.gates();
  const std::size_t parts = rows.mask == nullptr ? 1 : kGates;
  const std::size_t part_rows = gates / parts;
  // Whole times, so that a block of the common index starts with the first sample.
  const std::size_t block_times = std::max<std::size_t>(1, kGemmDepth / batch);
  std::vector<float> panel(block_times * batch * width, 0.0F);
  if (rows.times == 0) {
    for (std::size_t k = 0; k < gates; ++k)
      std::fill_n(weight + k * rows.width + first, columns, 0.0F);
  }
  for (std::size_t t = 0; t < rows.times; t += block_times) {
    const std::size_t times = std::min(block_times, rows.times - t);
    for (std::size_t q = 0; q < parts; ++q) {
      for (std::size_t k = 0; k < times * batch; ++k) {
        const std::size_t b = k % batch;
        const float* from =
            rows.data + b * rows.sample_stride + (t + k / batch) * rows.time_stride + first;
        float* to = panel.data() + k * width;
        if (rows.mask == nullptr) {
          std::copy_n(from, columns, to);
        } else {
          multiply_rows(from, rows.mask + (b * kGates + q) * rows.width + first, columns, to);
        }
      }
      const float* gradient =
          gates_gradient + (rows.first_gradient + t) * batch * gates + q * part_rows;
      multiply_panel({gradient, part_rows, times * batch, 1, gates}, panel.data(), columns,
                     weight + q * part_rows * rows.width + first, rows.width, t > 0, kernels_);
    }
  }
}

void LstmDirection::weight_gradient(const float* gates_gradient, const float* input,
                                    const float* output, std::size_t stride, std::size_t panel,
                                    float* input_weight, float* recurrent_weight) const {
  const std::size_t width = kernels_.tile_columns;
  const std::size_t of_inputs = (shape_.inputs + width - 1) / width;
  if (panel < of_inputs) {
    const Rows rows{
        input,       shape_.time * shape_.inputs, shape_.inputs, shape_.inputs, shape_.time, 0,
        masks_.input};
    multiply_columns(gates_gradient, rows, panel * width, input_weight);
    return;
  }
  // The state that a step starts from is the output of the time before, or behind if backwards.
  const Rows rows{output + (backwards_ ? stride : 0),
                  shape_.time * stride,
                  stride,
                  shape_.hidden,
                  shape_.time - 1,
                  backwards_ ? std::size_t{0} : 1,
                  masks_.recurrent};
  multiply_columns(gates_gradient, rows, (panel - of_inputs) * width, recurrent_weight);
}

void LstmDirection::bias_gradient(const float* gates_gradient, float* bias) const {
  const std::size_t gates = shape_.gates();
  std::vector<double> sums(gates, 0.0);
  std::vector<float> part(gates);
  for (std::size_t row = 0; row < shape_.rows(); row += kSumRows) {
    std::ranges::fill(part, 0.0F);
    const std::size_t end = std::min(row + kSumRows, shape_.rows());
    for (std::size_t r = row; r < end; ++r) add(gates_gradient + r * gates, gates, part.data());
    for (std::size_t k = 0; k < gates; ++k) sums[k] += static_cast<double>(part[k]);
  }
  std::ranges::transform(sums, bias, [](double sum) { return static_cast<float>(sum); });
}

}  // namespace parlando::train
