#include "train/data/augment.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include "common/core/random.h"

namespace parlando::train {
namespace {

RandomStream stream_at(const SamplePlace& place, std::string_view purpose) {
  return {place.seed, purpose, static_cast<std::uint64_t>(place.position),
          static_cast<std::uint32_t>(place.epoch)};
}

/// A whole number from 0 to fraction * size.
std::size_t draw_length(RandomStream& stream, double fraction, std::size_t size) {
  const auto most = static_cast<std::uint64_t>(std::floor(fraction * static_cast<double>(size)));
  return static_cast<std::size_t>(stream.below(most + 1));
}

void shift(const ShiftConfig& config, const SamplePlace& place, std::span<float> features,
           std::size_t rows) {
  RandomStream stream = stream_at(place, "augment/time_shift");
  if (stream.uniform() >= config.probability) return;
  const std::size_t moved = draw_length(stream, config.fraction, features.size() / rows) * rows;
  const auto middle = static_cast<std::ptrdiff_t>(moved);
  if (stream.below(2) == 0) {
    std::shift_right(features.begin(), features.end(), middle);
    std::ranges::fill(features.first(moved), 0.0F);
  } else {
    std::shift_left(features.begin(), features.end(), middle);
    std::ranges::fill(features.last(moved), 0.0F);
  }
}

void add_noise(const NoiseConfig& config, const SamplePlace& place, std::span<float> features) {
  RandomStream stream = stream_at(place, "augment/noise");
  if (stream.uniform() >= config.probability) return;
  for (float& value : features) value += static_cast<float>(config.std * stream.normal());
}

/// Calls clear(first, count) for each mask drawn over `size` frames or rows.
template <class Clear>
void draw_masks(const MaskConfig& config, RandomStream stream, std::size_t size,
                const Clear& clear) {
  if (stream.uniform() >= config.probability) return;
  for (int i = 0; i < config.masks; ++i) {
    const std::size_t width = draw_length(stream, config.fraction, size);
    clear(static_cast<std::size_t>(stream.below(size - width + 1)), width);
  }
}

/// Gamma(shape, 1). Marsaglia & Tsang, "A simple method for generating gamma variables", 2000; for
/// shapes below 1 by Gamma(shape + 1) * U^(1 / shape), returned as its logarithm, as it may be
/// smaller than any number.
double log_gamma_draw(RandomStream& stream, double shape) {
  const double power = shape < 1 ? std::log(1 - stream.uniform()) / shape : 0;
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
  while (true) {
    const double x = stream.normal();
    const double root = 1 + x / std::sqrt(9 * d);
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(1 - stream.uniform()) < x * x / 2 + d - d * v + d * std::log(v))
      return std::log(d * v) + power;
  }
}

double draw_share(RandomStream& stream, double alpha) {
  const double a = log_gamma_draw(stream, alpha);
  const double b = log_gamma_draw(stream, alpha);
  const double share = 1 / (1 + std::exp(b - a));
  // Beta(alpha, alpha) is symmetric; a sample stays the larger part of its mixture.
  return std::max(share, 1 - share);
}

}  // namespace

void augment_sample(const AugmentConfig& config, const SamplePlace& place,
                    std::span<float> features, std::size_t rows) {
  const std::size_t frames = features.size() / rows;
  if (frames == 0) return;
  if (config.time_shift.probability > 0) shift(config.time_shift, place, features, rows);
  if (config.noise.probability > 0) add_noise(config.noise, place, features);
  draw_masks(config.time_mask, stream_at(place, "augment/time_mask"), frames,
             [&](std::size_t first, std::size_t count) {
               std::ranges::fill(features.subspan(first * rows, count * rows), 0.0F);
             });
  draw_masks(config.frequency_mask, stream_at(place, "augment/frequency_mask"), rows,
             [&](std::size_t first, std::size_t count) {
               for (std::size_t frame = 0; frame < frames; ++frame) {
                 std::ranges::fill(features.subspan(frame * rows + first, count), 0.0F);
               }
             });
}

MixPlan plan_mixup(const MixupConfig& config, const SamplePlace& place, std::size_t size) {
  MixPlan plan;
  if (config.probability <= 0) return plan;
  RandomStream stream = stream_at(place, "augment/mixup");
  if (stream.uniform() >= config.probability) return plan;
  plan.share = draw_share(stream, config.alpha);
  plan.partners.resize(size);
  std::iota(plan.partners.begin(), plan.partners.end(), std::size_t{0});
  for (std::size_t i = size; i > 1; --i) {
    std::swap(plan.partners[i - 1], plan.partners[stream.below(i)]);
  }
  return plan;
}

}  // namespace parlando::train
