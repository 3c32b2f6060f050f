#pragma once

#include <cstddef>
#include <vector>

namespace parlando::train {

/// Zeros that start at a cache line, so that no vector of a row lies across two.
class AlignedFloats {
 public:
  explicit AlignedFloats(std::size_t count) : lines_((count + kFloats - 1) / kFloats) {}

  float* data() { return reinterpret_cast<float*>(lines_.data()); }
  const float* data() const { return reinterpret_cast<const float*>(lines_.data()); }

  static constexpr std::size_t kFloats = 16;  ///< of a line
  /// The least stride of rows of `count` floats that start at lines too.
  static std::size_t stride(std::size_t count) { return (count + kFloats - 1) / kFloats * kFloats; }

 private:
  struct alignas(kFloats * sizeof(float)) Line {
    float floats[kFloats] = {};
  };
  std::vector<Line> lines_;
};

}  // namespace parlando::train
