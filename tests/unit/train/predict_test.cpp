#include "train/run/predict.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace parlando::train {
namespace {

constexpr std::int64_t kFrames = 24, kRows = 6, kClasses = 3;
const std::vector<std::size_t> kLengths{10, 7, 12, 9};

ModelConfig small_model(bool mask) {
  ModelConfig config;
  config.conv = {{.filters = 3, .kernel = 3, .pool = 2, .dropout = 0.2}};
  config.lstm.hidden = 3;
  config.mask = mask;
  return config;
}

/// Clips of kLengths frames, padded to kFrames.
ClipFeatures made_up_clips() {
  std::vector<ClipInfo> clips;
  std::vector<float> values(kLengths.size() * kFrames * kRows, 0.0F);
  for (std::size_t i = 0; i < kLengths.size(); ++i) {
    clips.push_back({.dataset_row = i, .label = 0, .valid_frames = kLengths[i]});
    for (std::size_t k = 0; k < kLengths[i] * kRows; ++k) {
      values[i * kFrames * kRows + k] = std::sin(static_cast<float>(i + 3 * k));
    }
  }
  return {std::move(clips), kFrames, kRows, values};
}

/// What the network says of each clip alone, padded to kFrames.
std::vector<double> one_by_one(Classifier& model, const ClipFeatures& clips) {
  const at::NoGradGuard guard;
  std::vector<double> all;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const at::Tensor features = at::empty({1, kFrames, kRows}, at::kFloat);
    clips.read(i, {features.mutable_data_ptr<float>(), kFrames * kRows});
    const std::vector<std::int64_t> length{static_cast<std::int64_t>(kLengths[i])};
    const at::Tensor logits = model.forward(features, ForwardContext{.lengths = length});
    const at::Tensor probabilities = at::softmax(logits.to(at::kDouble), 1);
    for (std::int64_t k = 0; k < kClasses; ++k) all.push_back(probabilities[0][k].item<double>());
  }
  return all;
}

TEST(Predict, MakesBatchesAsShortAsTheirLongestClipWherePaddingIsMasked) {
  const ClipFeatures clips = made_up_clips();
  for (const bool mask : {true, false}) {
    Classifier model(small_model(mask), {kFrames, kRows}, kClasses, 5);
    const std::vector<double> expected = one_by_one(model, clips);
    const auto alone = dist::make_single_communicator();
    const Probabilities found = predict(model, clips, kClasses, *alone);
    const InputBatch batch = read_batch(clips, 0, clips.size(), model.masks_padding());
    EXPECT_EQ(batch.features.size(1), mask ? 12 : kFrames);
    ASSERT_EQ(found.values.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(found.values[i], expected[i], 1e-6);
  }
}

}  // namespace
}  // namespace parlando::train
