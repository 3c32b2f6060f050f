#include "train/data/batch_hash.h"

#include <span>

#include "common/io/checksum.h"

namespace parlando::train {
namespace {

/// Leaves room for the sum over half a million samples in 63 bits.
constexpr int kDroppedBits = 20;

template <class T>
void add(Hasher& hasher, const T& value) {
  hasher.update(std::as_bytes(std::span(&value, 1)));
}

void add_row(Hasher& hasher, const at::Tensor& tensor, std::int64_t sample) {
  const at::Tensor row = tensor.select(0, sample).contiguous();
  hasher.update(std::span(static_cast<const std::byte*>(row.const_data_ptr()), row.nbytes()));
}

}  // namespace

std::int64_t hash_of_samples(const StepBatch& batch) {
  std::int64_t sum = 0;
  for (const BatchPart& part : batch.parts) {
    if (!part.has_samples) continue;
    for (std::size_t i = 0; i < part.positions.size(); ++i) {
      const auto sample = static_cast<std::int64_t>(i);
      Hasher hasher;
      add(hasher, part.positions[i]);
      add(hasher, part.share);
      add_row(hasher, part.data.labels, sample);
      add_row(hasher, part.data.lengths, sample);
      add_row(hasher, part.data.features, sample);
      if (part.second_labels.defined()) add_row(hasher, part.second_labels, sample);
      sum += static_cast<std::int64_t>(hasher.number() >> kDroppedBits);
    }
  }
  return sum;
}

}  // namespace parlando::train
