#include "train/run/train_step.h"

#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/dist/communicator.h"
#include "train/data/step_batch.h"

namespace parlando::train {
namespace {

constexpr std::size_t kClips = 12, kFrames = 10, kRows = 6, kClasses = 3;
// Sums of a few hundred float64 values in another order.
constexpr double kTolerance = 1e-12;

/// A network without batch norm, the statistics of which depend on the parts of a batch.
TrainConfig small_config() {
  TrainConfig config;
  config.model.conv_dimensions = 1;
  config.model.conv = {{.filters = 4, .norm = "none", .dropout = 0.2, .l2 = 0.01}};
  config.model.lstm.hidden = 3;
  config.augment.noise.probability = 0.5;
  config.augment.mixup.probability = 1;
  return config;
}

SampleSet random_clips(float scale) {
  std::vector<ClipInfo> infos;
  for (std::size_t i = 0; i < kClips; ++i) {
    infos.push_back({.dataset_row = i,
                     .label = static_cast<std::int64_t>(i % kClasses),
                     .valid_frames = kFrames});
  }
  std::vector<float> values(kClips * kFrames * kRows);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = scale * static_cast<float>(std::sin(static_cast<double>(i * i)));
  }
  return {{std::move(infos), kFrames, kRows, values}, {{}, kFrames, kRows, {}}, {}};
}

/// A network with what trains it, alone.
struct Training {
  explicit Training(TrainConfig with)
      : config(std::move(with)), model(config.model, {kFrames, kRows}, kClasses, config.seed) {
    model.to(at::kDouble, at::kCPU);
    flat.emplace(model.parameters());
    optimizer.emplace(config.optimizer, flat->values());
    step.emplace(config, model, *flat, *optimizer, at::ones({kClasses}), *alone, *alone,
                 ReplicaFactory{});
  }

  StepResult run(const SampleSet& samples, int parts) {
    std::vector<std::size_t> batch(kClips);
    std::iota(batch.begin(), batch.end(), std::size_t{0});
    const BatchBuilder builder(samples,
                               {.augment = config.augment, .seed = config.seed, .parts = parts});
    return step->run(builder.build(batch, 0, 0), 0, 0.01, {});
  }

  TrainConfig config;
  Classifier model;
  std::unique_ptr<dist::Communicator> alone = dist::make_single_communicator();
  std::optional<FlatParameters> flat;
  std::optional<Optimizer> optimizer;
  std::optional<TrainStep> step;
};

TEST(TrainStep, GivesTheSameForABatchInPartsAsForTheWhole) {
  const SampleSet samples = random_clips(1);
  Training whole(small_config()), in_parts(small_config());
  for (int i = 0; i < 3; ++i) {
    const StepResult expected = whole.run(samples, 1), result = in_parts.run(samples, 5);
    EXPECT_NEAR(result.loss_sum, expected.loss_sum, kTolerance);
    EXPECT_NEAR(result.correct, expected.correct, kTolerance);
    EXPECT_EQ(result.samples, static_cast<double>(kClips));
  }
  EXPECT_LT((whole.flat->values() - in_parts.flat->values()).abs().max().item<double>(),
            kTolerance);
}

TEST(TrainStep, AddsThePenaltyAndItsGradientOnce) {
  const SampleSet samples = random_clips(1);
  TrainConfig free = small_config();
  free.model.conv[0].l2 = 0;
  Training with(small_config()), without(free);
  const double penalty = with.step->penalty();
  const at::Tensor kernel = with.model.parameters()[0].tensor.detach().clone();
  EXPECT_NEAR(penalty, 0.01 * kernel.square().sum().item<double>(), kTolerance);
  const StepResult result = with.run(samples, 3), plain = without.run(samples, 3);
  EXPECT_NEAR(result.loss_sum, plain.loss_sum + penalty * kClips, 1e-10);
  const at::Tensor difference = with.flat->gradients() - without.flat->gradients();
  const at::Tensor of_kernel = difference.narrow(0, 0, kernel.numel());
  EXPECT_LT((of_kernel - 0.02 * kernel.flatten()).abs().max().item<double>(), kTolerance);
  EXPECT_EQ(difference.narrow(0, kernel.numel(), difference.numel() - kernel.numel())
                .count_nonzero()
                .item<std::int64_t>(),
            0);
}

TEST(TrainStep, LeavesAStepOutThatIsNotFiniteAndGoesOn) {
  TrainConfig config = small_config();
  config.model.conv[0].norm = "batch";
  config.on_non_finite = "skip";
  Training training(config);
  const at::Tensor before = training.flat->values().clone();
  std::vector<at::Tensor> buffers;
  for (const NamedTensor& buffer : training.model.buffers())
    buffers.push_back(buffer.tensor.clone());
  ASSERT_FALSE(buffers.empty());
  const StepResult result = training.run(random_clips(std::numeric_limits<float>::infinity()), 2);
  EXPECT_TRUE(result.skipped);
  EXPECT_STREQ(result.reason, "the loss is not finite");
  EXPECT_EQ(result.samples, 0);
  EXPECT_TRUE(at::equal(training.flat->values(), before));
  EXPECT_EQ(training.optimizer->steps(), 0);
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    EXPECT_TRUE(at::equal(training.model.buffers()[i].tensor, buffers[i]));
  }
  const StepResult next = training.run(random_clips(1), 2);
  EXPECT_FALSE(next.skipped);
  EXPECT_TRUE(std::isfinite(next.loss_sum));
  EXPECT_FALSE(at::equal(training.flat->values(), before));
}

TEST(TrainStep, EndsTheRunAtAStepThatIsNotFinite) {
  Training training(small_config());
  try {
    training.run(random_clips(std::numeric_limits<float>::infinity()), 1);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("not finite"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace parlando::train
