#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "common/data/dataset.h"
#include "train/data/normalization.h"

namespace parlando::train {

/// Memory that features may be kept in, shared by the sides of a run. Thread-safe.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::int64_t bytes) : limit_(bytes), left_(bytes) {}
  /// False, and nothing taken, if less than `bytes` is left.
  bool take(std::int64_t bytes);
  std::int64_t limit() const { return limit_; }
  std::int64_t taken() const { return limit_ - left_; }

 private:
  std::int64_t limit_;
  std::atomic<std::int64_t> left_;
};

struct ClipInfo {
  std::size_t dataset_row = 0;
  std::int64_t label = 0;        ///< class index
  std::size_t valid_frames = 0;  ///< those that are not padding
};

/// Features of some clips, cropped or padded at the end to one length. A clip is read from its
/// shard when it is first asked for, and kept as long as the budget lasts; what does not fit is
/// read again each time, so that a side may be larger than memory. Clips that are kept stay: an
/// epoch takes each once in an order without pattern, so none is a better one to keep than another.
/// Values do not depend on what is kept. Reads are thread-safe.
class ClipFeatures {
 public:
  /// Rows of `dataset` that have frames of their own. Both references must outlive the object.
  ClipFeatures(const data::Dataset& dataset, std::span<const std::size_t> dataset_rows,
               std::size_t frames, MemoryBudget& budget);
  /// Clips that are in memory; `values` [clips, frames, rows].
  ClipFeatures(std::vector<ClipInfo> clips, std::size_t frames, std::size_t rows,
               std::span<const float> values);

  std::size_t size() const { return clips_.size(); }
  std::size_t frames() const { return frames_; }
  std::size_t rows() const { return rows_; }
  const std::vector<ClipInfo>& clips() const { return clips_; }
  /// Clips that are in memory at present.
  std::size_t kept() const;

  /// Every later read gives normalised values. Not while others read.
  void normalize(const Normalization& normalization);

  /// Copies clip i to `out` [any frames that hold it, rows], the padding 0. Throws Error(artefact)
  /// naming the file of a damaged shard.
  void read(std::size_t clip, std::span<float> out) const;

 private:
  std::span<const float> find(std::size_t clip) const;
  void keep(std::size_t clip, std::span<const float> valid) const;

  const data::Dataset* dataset_ = nullptr;
  MemoryBudget* budget_ = nullptr;
  std::size_t frames_, rows_;
  std::vector<ClipInfo> clips_;
  std::vector<std::size_t> stored_frames_;
  std::unique_ptr<Normalization> normalization_;
  mutable std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
  /// The valid frames of each clip that is kept; empty for the others.
  mutable std::vector<std::vector<float>> kept_;
};

}  // namespace parlando::train
