#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/data/feature_set.h"
#include "train/data/side_rows.h"
#include "train/torch.h"

namespace parlando::train {

/// Samples of a side: its clips first, then their variants, made when a batch is built.
class SampleSet {
 public:
  /// `features` and `changed` are normalised: those of the clips, and those that variants have of
  /// their own (SideRows).
  SampleSet(FeatureSet features, FeatureSet changed, std::vector<SideRows::Variant> variants);

  std::size_t size() const { return features_.size() + variants_.size(); }
  std::size_t clips() const { return features_.size(); }
  std::int64_t label(std::size_t sample) const;
  const FeatureSet& features() const { return features_; }

  /// Samples of each class.
  std::vector<std::size_t> class_counts(std::size_t classes) const;

  /// Features [samples, frames, rows] float32 and labels [samples] int64, on the host.
  struct Batch {
    at::Tensor features, labels;
  };
  Batch batch(std::span<const std::size_t> samples) const;

 private:
  std::size_t clip_of(std::size_t sample) const;
  void make_variant(const SideRows::Variant& variant, std::span<float> target) const;

  FeatureSet features_;
  FeatureSet changed_;
  std::vector<SideRows::Variant> variants_;
};

}  // namespace parlando::train
