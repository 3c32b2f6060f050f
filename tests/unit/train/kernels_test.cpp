#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "common/core/random.h"
#include "train/kernels/cpu_kernels.h"
#include "train/kernels/gemm.h"

namespace parlando::train {
namespace {

std::vector<float> random_values(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(engine);
  return values;
}

/// Every instruction set that this processor can run.
class Kernels : public testing::TestWithParam<const CpuKernels*> {};

TEST_P(Kernels, MultiplyMatricesOfAnyShape) {
  struct Shape {
    std::size_t rows, columns, depth;
    bool transposed;
  };
  for (const Shape& s : {Shape{1, 1, 1, false}, Shape{13, 37, 300, false}, Shape{8, 32, 5, false},
                         Shape{32, 128, 64, false}, Shape{21, 50, 513, true}}) {
    const std::vector<float> a = random_values(s.rows * s.depth, 1);
    const std::vector<float> b = random_values(s.depth * s.columns, 2);
    std::vector<float> c(s.rows * s.columns, 1.0F);
    const MatrixView stored{a.data(), s.depth, s.rows, s.rows, 1};
    const MatrixView left =
        s.transposed ? stored.transposed() : MatrixView{a.data(), s.rows, s.depth, s.depth, 1};
    const PackedMatrix right({b.data(), s.depth, s.columns, s.columns, 1}, *GetParam());
    multiply(left, right, c.data(), s.columns, true, *GetParam());
    for (std::size_t r = 0; r < s.rows; ++r) {
      for (std::size_t n = 0; n < s.columns; ++n) {
        double sum = 1;
        for (std::size_t k = 0; k < s.depth; ++k) {
          sum += double{a[s.transposed ? k * s.rows + r : r * s.depth + k]} *
                 double{b[k * s.columns + n]};
        }
        // Rounding of `depth` float32 products of standard normals.
        ASSERT_NEAR(double{c[r * s.columns + n]}, sum, 1e-5 * std::sqrt(double(s.depth)) * 4)
            << s.rows << " x " << s.columns << " x " << s.depth;
      }
    }
  }
}

TEST_P(Kernels, ActivateAnyGateWithoutOverflow) {
  // From the far ends, where e^x leaves float32, to zero.
  std::vector<float> inputs{-1e30F, -1000, -88, -87, -20, -3, -0.6F, -1e-4F, 0,
                            1e-4F,  0.6F,  3,   20,  87,  88, 1000,  1e30F};
  const std::size_t hidden = inputs.size();
  std::vector<float> gates;
  for (int gate = 0; gate < 4; ++gate) gates.insert(gates.end(), inputs.begin(), inputs.end());
  const std::vector<float> before(hidden, 0.5F);
  std::vector<float> cell(hidden), tanh_cell(hidden), output(hidden);
  const LstmStep step{.rows = 1,
                      .hidden = hidden,
                      .gates_stride = 4 * hidden,
                      .state_stride = hidden,
                      .cell_before = before.data()};
  GetParam()->lstm_forward(step, gates.data(), cell.data(), tanh_cell.data(), output.data(),
                           hidden);
  for (std::size_t k = 0; k < hidden; ++k) {
    const double x = inputs[k];
    const double sigmoid = 1 / (1 + std::exp(-x));
    const double c = sigmoid * 0.5 + sigmoid * std::tanh(x);
    // tanh near zero is exact to float32's own rounding, so the tolerance is relative there.
    EXPECT_NEAR(gates[2 * hidden + k], std::tanh(x), 3e-7 * std::max(1e-4, std::abs(std::tanh(x))))
        << x;
    EXPECT_NEAR(gates[k], sigmoid, 3e-7) << x;
    EXPECT_NEAR(cell[k], c, 1e-6) << x;
    EXPECT_NEAR(output[k], sigmoid * std::tanh(c), 1e-6) << x;
  }
}

TEST_P(Kernels, DrawWhatPhiloxDraws) {
  const KeepStream stream{.key = {7, 0xFFFF1234},
                          .layer_epoch = 0x203,
                          .position = 0x100000005,
                          .threshold = 0x60000000};
  constexpr std::size_t kCount = 200;  // not whole groups of 64
  std::vector<std::uint8_t> keep(kCount + 1, 9);
  GetParam()->block.draw_keep(stream, kCount, keep.data());
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto counter = static_cast<std::uint32_t>(i / 64 * 16 + i % 16);
    const auto words = philox4x32({stream.key[0], stream.key[1]}, {counter, 0x203, 5, 1});
    EXPECT_EQ(keep[i], words[i % 64 / 16] >= stream.threshold) << i;
  }
  EXPECT_EQ(keep[kCount], 9);
}

std::vector<const CpuKernels*> all_kernels() {
  const CpuKernelList list = runnable_cpu_kernels();
  return {list.sets, list.sets + list.count};
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, Kernels, testing::ValuesIn(all_kernels()),
                         [](const testing::TestParamInfo<const CpuKernels*>& tested) {
                           return std::string(tested.param->name);
                         });

}  // namespace
}  // namespace parlando::train
