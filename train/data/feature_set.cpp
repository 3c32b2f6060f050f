#include "train/data/feature_set.h"

#include <algorithm>

namespace parlando::train {

FeatureSet load_features(const data::Dataset& dataset, std::span<const std::size_t> rows,
                         std::size_t frames) {
  FeatureSet set;
  set.frames = frames;
  set.rows = dataset.feature_rows();
  set.values.assign(rows.size() * frames * set.rows, 0.0F);
  std::vector<float> buffer;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const data::DatasetRow& row = dataset.rows()[rows[i]];
    const auto stored = static_cast<std::size_t>(row.frames);
    buffer.resize(stored * set.rows);
    dataset.read(rows[i], buffer);
    const std::size_t valid = std::min(stored, frames);
    std::copy_n(buffer.begin(), valid * set.rows,
                set.values.begin() + static_cast<std::ptrdiff_t>(i * frames * set.rows));
    set.clips.push_back({.dataset_row = rows[i], .label = row.emotion, .valid_frames = valid});
  }
  return set;
}

}  // namespace parlando::train
