#include "common/audio/trim.h"

#include <algorithm>
#include <cmath>

namespace parlando::audio {
namespace {

constexpr double kAmin = 1e-10;  // of librosa.amplitude_to_db, squared

double decibel(double power) {
  return 10 * std::log10(std::max(kAmin, power));
}

FrameGrid grid_of(const TrimRecipe& recipe) {
  return {.frame_length = static_cast<std::size_t>(recipe.frame_length),
          .hop_length = static_cast<std::size_t>(recipe.hop_length)};
}

}  // namespace

Trimmer::Trimmer(const TrimRecipe& recipe)
    : top_db_(recipe.top_db),
      hop_length_(static_cast<std::size_t>(recipe.hop_length)),
      energy_(grid_of(recipe), PadMode::constant) {}

std::pair<std::size_t, std::size_t> Trimmer::ends(std::span<const float> waveform) {
  const std::span<const double> levels = energy_.mean_squares(waveform);
  const double loudest = decibel(*std::max_element(levels.begin(), levels.end()));
  const auto audible = [&](double level) { return decibel(level) - loudest > -top_db_; };
  const auto first = std::find_if(levels.begin(), levels.end(), audible);
  const auto last = std::find_if(levels.rbegin(), levels.rend(), audible);
  const auto start = static_cast<std::size_t>(first - levels.begin()) * hop_length_;
  const auto end = static_cast<std::size_t>(levels.rend() - last) * hop_length_;
  return {std::min(start, waveform.size()), std::min(end, waveform.size())};
}

}  // namespace parlando::audio
