#include "predict/windows/windows.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "common/audio/mono.h"
#include "common/core/error.h"

namespace parlando::predict {
namespace {

std::int64_t samples_in(double seconds, std::int64_t sample_rate, const char* what) {
  const std::int64_t samples = std::llround(seconds * static_cast<double>(sample_rate));
  if (samples < 1) {
    fail(ErrorKind::usage, "a {} of {} s is less than a sample at {} Hz", what, seconds,
         sample_rate);
  }
  return samples;
}

}  // namespace

WindowPlan::WindowPlan(double window_seconds, double hop_seconds, std::int64_t sample_rate)
    : length_(samples_in(window_seconds, sample_rate, "window")),
      hop_(samples_in(hop_seconds, sample_rate, "hop")) {}

std::optional<Window> WindowPlan::last(std::int64_t k, std::int64_t samples) const {
  if (k > 0 && at(k - 1).end() == samples) return std::nullopt;
  const Window rest{k * hop_, samples - k * hop_};
  if (rest.count < 1 || (k > 0 && 2 * rest.count < length_)) return std::nullopt;
  return rest;
}

std::vector<Window> WindowPlan::all(std::int64_t samples) const {
  std::vector<Window> windows;
  std::int64_t k = 0;
  for (; at(k).end() <= samples; ++k) windows.push_back(at(k));
  if (const std::optional<Window> rest = last(k, samples)) windows.push_back(*rest);
  return windows;
}

audio::DecodedAudio cut(const audio::DecodedAudio& audio, const Window& window) {
  const auto channels = static_cast<std::size_t>(audio.channels);
  const std::span<const float> samples =
      std::span(audio.interleaved)
          .subspan(static_cast<std::size_t>(window.first) * channels,
                   static_cast<std::size_t>(window.count) * channels);
  return {.sample_rate = audio.sample_rate,
          .channels = audio.channels,
          .samples = window.count,
          .peak = audio::peak_of(samples),
          .interleaved = {samples.begin(), samples.end()}};
}

}  // namespace parlando::predict
