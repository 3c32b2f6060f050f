#include "train/data/clip_features.h"

#include <algorithm>
#include <cmath>

#include "common/core/error.h"

namespace parlando::train {

bool MemoryBudget::take(std::int64_t bytes) {
  std::int64_t before = left_;
  while (before >= bytes) {
    if (left_.compare_exchange_weak(before, before - bytes)) return true;
  }
  return false;
}

ClipFeatures::ClipFeatures(const data::Dataset& dataset, std::span<const std::size_t> dataset_rows,
                           std::size_t frames, MemoryBudget& budget)
    : dataset_(&dataset),
      budget_(&budget),
      frames_(frames),
      rows_(dataset.feature_rows()),
      kept_(dataset_rows.size()) {
  for (const std::size_t index : dataset_rows) {
    const data::DatasetRow& row = dataset.rows()[index];
    const auto stored = static_cast<std::size_t>(row.frames);
    clips_.push_back(
        {.dataset_row = index, .label = row.emotion, .valid_frames = std::min(stored, frames)});
    stored_frames_.push_back(stored);
  }
}

ClipFeatures::ClipFeatures(std::vector<ClipInfo> clips, std::size_t frames, std::size_t rows,
                           std::span<const float> values)
    : frames_(frames), rows_(rows), clips_(std::move(clips)) {
  for (std::size_t i = 0; i < clips_.size(); ++i) {
    const auto valid = values.subspan(i * frames * rows, clips_[i].valid_frames * rows);
    kept_.emplace_back(valid.begin(), valid.end());
  }
}

std::size_t ClipFeatures::kept() const {
  const std::lock_guard lock(*mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(kept_, [](const auto& values) { return !values.empty(); }));
}

void ClipFeatures::normalize(const Normalization& normalization) {
  normalization_ = std::make_unique<Normalization>(normalization);
  for (std::vector<float>& values : kept_) normalization.apply(values);
}

std::span<const float> ClipFeatures::find(std::size_t clip) const {
  const std::lock_guard lock(*mutex_);
  return kept_[clip];
}

void ClipFeatures::keep(std::size_t clip, std::span<const float> valid) const {
  const auto bytes = static_cast<std::int64_t>(valid.size_bytes());
  const std::lock_guard lock(*mutex_);
  if (kept_[clip].empty() && budget_->take(bytes)) kept_[clip].assign(valid.begin(), valid.end());
}

void ClipFeatures::read(std::size_t clip, std::span<float> out) const {
  const std::size_t valid = clips_[clip].valid_frames * rows_;
  const std::span<const float> values = find(clip);
  std::ranges::fill(out.subspan(valid), 0.0F);
  if (values.size() == valid) {
    std::ranges::copy(values, out.begin());
    return;
  }
  if (stored_frames_[clip] <= frames_) {
    dataset_->read(clips_[clip].dataset_row, out.first(valid));
  } else {
    std::vector<float> whole(stored_frames_[clip] * rows_);
    dataset_->read(clips_[clip].dataset_row, whole);
    std::copy_n(whole.begin(), valid, out.begin());
  }
  if (!std::ranges::all_of(out.first(valid), [](float x) { return std::isfinite(x); })) {
    fail(ErrorKind::artefact,
         "clip {}: its features hold infinite values or NaN; leave the clip out or change the "
         "recipe, and run 'parlando preprocess' again",
         dataset_->rows()[clips_[clip].dataset_row].clip);
  }
  if (normalization_) normalization_->apply(out.first(valid));
  keep(clip, out.first(valid));
}

}  // namespace parlando::train
