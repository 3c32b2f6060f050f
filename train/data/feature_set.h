#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/data/dataset.h"

namespace parlando::train {

/// Features of some clips in memory, cropped or padded at the end to one length.
struct FeatureSet {
  struct ClipInfo {
    std::size_t dataset_row = 0;
    std::int64_t label = 0;        ///< class index
    std::size_t valid_frames = 0;  ///< those that are not padding
  };

  std::size_t frames = 0;
  std::size_t rows = 0;
  std::vector<ClipInfo> clips;
  std::vector<float> values;  ///< [clips, frames, rows]

  std::size_t size() const { return clips.size(); }
  std::span<const float> features(std::size_t clip) const {
    return std::span(values).subspan(clip * frames * rows, frames * rows);
  }
  std::span<float> features(std::size_t clip) {
    return std::span(values).subspan(clip * frames * rows, frames * rows);
  }
};

/// Reads rows that have frames of their own. Throws Error(artefact) for a damaged shard.
FeatureSet load_features(const data::Dataset& dataset, std::span<const std::size_t> rows,
                         std::size_t frames);

}  // namespace parlando::train
