#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/data/clip_features.h"
#include "train/data/side_rows.h"
#include "train/torch.h"

namespace parlando::train {

/// Samples of a side: its clips first, then their variants, made when a batch is built.
/// Thread-safe.
class SampleSet {
 public:
  /// `features` and `changed` give normalised values: those of the clips, and those that variants
  /// have of their own (SideRows).
  SampleSet(ClipFeatures features, ClipFeatures changed, std::vector<SideRows::Variant> variants);

  std::size_t size() const { return features_.size() + variants_.size(); }
  std::size_t clips() const { return features_.size(); }
  std::int64_t label(std::size_t sample) const;
  /// Clips, and variants with features of their own; and those of them that are in memory.
  std::size_t readable() const { return features_.size() + changed_.size(); }
  std::size_t kept() const { return features_.kept() + changed_.kept(); }

  /// Samples of each class.
  std::vector<std::size_t> class_counts(std::size_t classes) const;

  /// Features [samples, frames, rows] float32, labels [samples] and lengths [samples] int64, on the
  /// host. A length counts the frames that are not padding.
  struct Batch {
    at::Tensor features, labels, lengths;
  };
  /// `frames`: length of the batch, which no sample of it may exceed; 0 = that of the set.
  Batch batch(std::span<const std::size_t> samples, std::size_t frames = 0) const;

  /// Takes so many variants out of the set, those of the last clips, as clips of their own, which
  /// are in memory. Throws Error(usage) if there are fewer. Not while others read.
  ClipFeatures split_off_variants(std::size_t count);

  /// Frames of the longest of these samples, without padding.
  std::size_t longest(std::span<const std::size_t> samples) const;

 private:
  /// Where a sample's features come from.
  struct Source {
    const ClipFeatures& features;
    std::size_t clip;
  };
  Source source_of(std::size_t sample) const;

  ClipFeatures features_;
  ClipFeatures changed_;
  std::vector<SideRows::Variant> variants_;
};

}  // namespace parlando::train
