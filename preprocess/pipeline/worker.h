#pragma once

#include <cstddef>
#include <string>

namespace parlando::preprocess {

/// One of several processes that make a dataset together: each makes its part of the shard plan.
struct Worker {
  std::size_t index = 0;
  std::size_t count = 1;

  bool alone() const { return count == 1; }
  /// Whether it makes the shard of this index.
  bool makes(std::size_t shard) const { return shard % count == index; }
  /// "2of4".
  std::string name() const { return std::to_string(index + 1) + "of" + std::to_string(count); }
};

}  // namespace parlando::preprocess
