#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>

namespace parlando::train {

/// Floats without values at first that start at a cache line, so that no vector of a row lies
/// across two.
class AlignedFloats {
 public:
  explicit AlignedFloats(std::size_t count)
      : lines_(std::make_unique_for_overwrite<Line[]>(stride(count) / kFloats)), count_(count) {}

  float* data() { return lines_[0].floats; }
  const float* data() const { return lines_[0].floats; }
  void clear() { std::fill_n(data(), count_, 0.0F); }

  static constexpr std::size_t kFloats = 16;  ///< of a line
  /// The least stride of rows of `count` floats that start at lines too.
  static std::size_t stride(std::size_t count) { return (count + kFloats - 1) / kFloats * kFloats; }

 private:
  struct alignas(kFloats * sizeof(float)) Line {
    float floats[kFloats];
  };
  std::unique_ptr<Line[]> lines_;
  std::size_t count_;
};

}  // namespace parlando::train
