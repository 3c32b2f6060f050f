#include "train/run/inference.h"

#include <algorithm>
#include <cmath>

#include "common/audio/mono.h"
#include "common/core/error.h"
#include "train/model/attention_recorder.h"
#include "train/run/model_folder.h"
#include "train/run/predict.h"
#include "train/run/prepared_data.h"

namespace parlando::train {
namespace {

/// Clips in memory as a side of a dataset has them.
ClipFeatures to_clip_features(std::span<const audio::FeatureMatrix> clips,
                              const Normalization& normalization) {
  const std::size_t elements = normalization.frames * normalization.rows;
  std::vector<ClipInfo> infos;
  std::vector<float> values(clips.size() * elements);
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const audio::FeatureMatrix& clip = clips[i];
    if (clip.rows != normalization.rows || clip.frames == 0) {
      fail(ErrorKind::internal, "features of {} frames x {} rows for a network of {} rows",
           clip.frames, clip.rows, normalization.rows);
    }
    const std::size_t valid = std::min(clip.frames, normalization.frames);
    infos.push_back({.dataset_row = i, .label = 0, .valid_frames = valid});
    const std::span<const float> kept = std::span(clip.values).first(valid * clip.rows);
    if (!audio::all_finite(kept)) fail(ErrorKind::data, "its features hold infinite values or NaN");
    std::ranges::copy(kept, values.begin() + static_cast<std::ptrdiff_t>(i * elements));
  }
  ClipFeatures features(std::move(infos), normalization.frames, normalization.rows, values);
  features.normalize(normalization);
  return features;
}

/// Row `clip` of `weights` [clips, steps] without the padding behind it, whose weights are 0.
std::vector<float> attention_of(const at::Tensor& weights, std::size_t clip) {
  if (!weights.defined()) return {};
  const at::Tensor row = weights[static_cast<std::int64_t>(clip)].to(at::kFloat).contiguous();
  const float* const begin = row.const_data_ptr<float>();
  const float* end = begin + row.numel();
  while (end > begin && *(end - 1) == 0) --end;
  return {begin, end};
}

}  // namespace

std::size_t ClipScores::best() const {
  return static_cast<std::size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

struct Inference::Impl {
  LoadedModel loaded;
};

Inference::Inference(const std::filesystem::path& model_folder)
    : impl_(std::make_unique<Impl>(Impl{read_model_folder(model_folder)})) {}
Inference::~Inference() = default;
Inference::Inference(Inference&&) noexcept = default;

const ModelDescription& Inference::description() const {
  return impl_->loaded.description;
}

std::int64_t Inference::frames_per_step() const {
  return impl_->loaded.model.frames_per_step();
}

std::vector<ClipScores> Inference::score(std::span<const audio::FeatureMatrix> clips,
                                         bool attention) const {
  if (clips.empty()) return {};
  at::init_num_threads();  // of a thread that libtorch has not seen before
  Classifier& model = impl_->loaded.model;
  const ClipFeatures features = to_clip_features(clips, description().normalization);
  const InputBatch batch = read_batch(features, 0, clips.size(), model.masks_padding());
  AttentionRecorder recorder;
  const at::Tensor probabilities = classify(model, batch, attention ? &recorder : nullptr);
  const auto classes = static_cast<std::size_t>(probabilities.size(1));
  const double* values = probabilities.const_data_ptr<double>();
  std::vector<ClipScores> scores(clips.size());
  for (std::size_t i = 0; i < clips.size(); ++i, values += classes) {
    scores[i] = {.probabilities = {values, values + classes},
                 .attention = attention_of(recorder.weights(), i)};
  }
  return scores;
}

std::vector<metrics::Prediction> Inference::predict_side(const data::Dataset& dataset,
                                                         const data::Split& split,
                                                         data::Side side) const {
  MemoryBudget none(0);  // every clip is read once
  const ClipFeatures features = open_side(dataset, split, side, description().normalization, none);
  const auto alone = dist::make_single_communicator();
  const Probabilities probabilities =
      predict(impl_->loaded.model, features, description().classes.size(), *alone);
  return to_predictions(probabilities, features, dataset);
}

void set_inference_threads(int threads) {
  at::set_num_threads(threads);
}

}  // namespace parlando::train
