#include "common/dist/tree_reduce.h"

#include <algorithm>
#include <cstdint>

#include "common/core/multiversion.h"

namespace parlando::dist {
namespace {

// Elements of each piece that are taken through the whole tree while they lie in the cache.
constexpr std::size_t kBlock = 4096;

template <class T>
PARLANDO_MULTIVERSION void add(T* __restrict into, const T* __restrict from, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) into[i] += from[i];
}

template <class T>
void combine(T* into, const T* from, std::size_t count, ReduceOp op) {
  switch (op) {
    case ReduceOp::sum:
      return add(into, from, count);
    case ReduceOp::max:
      for (std::size_t i = 0; i < count; ++i) into[i] = std::max(into[i], from[i]);
      return;
    case ReduceOp::min:
      for (std::size_t i = 0; i < count; ++i) into[i] = std::min(into[i], from[i]);
      return;
  }
}

template <class T>
void reduce(std::span<void* const> pieces, std::size_t count, ReduceOp op) {
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t block = std::min(kBlock, count - begin);
    for (std::size_t step = 1; step < pieces.size(); step *= 2) {
      for (std::size_t i = 0; i + step < pieces.size(); i += 2 * step) {
        combine(static_cast<T*>(pieces[i]) + begin, static_cast<T*>(pieces[i + step]) + begin,
                block, op);
      }
    }
  }
}

}  // namespace

void tree_reduce(std::span<void* const> pieces, std::size_t count, DataType type, ReduceOp op) {
  switch (type) {
    case DataType::float32:
      return reduce<float>(pieces, count, op);
    case DataType::float64:
      return reduce<double>(pieces, count, op);
    case DataType::int64:
      return reduce<std::int64_t>(pieces, count, op);
  }
}

}  // namespace parlando::dist
