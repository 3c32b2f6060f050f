#include "common/audio/augment/room.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>

#include "common/audio/augment/noise.h"
#include "common/core/random.h"

namespace parlando::audio {
namespace {

constexpr std::size_t kSmallestTransform = 4096;

}  // namespace

std::vector<float> generate_response(double rt60, double direct_db, std::int64_t sample_rate,
                                     std::uint64_t seed) {
  const double decay = rt60 * static_cast<double>(sample_rate);  // samples
  std::vector<float> response(std::max<std::size_t>(2, static_cast<std::size_t>(decay)));
  RandomStream stream(seed, "room response");
  double energy = 0;
  for (std::size_t i = 1; i < response.size(); ++i) {
    const double envelope = std::pow(10.0, -3 * static_cast<double>(i) / decay);
    response[i] = static_cast<float>(envelope * stream.normal());
    energy += static_cast<double>(response[i]) * response[i];
  }
  const double factor = energy > 0 ? std::pow(10.0, -direct_db / 20) / std::sqrt(energy) : 0;
  for (float& sample : response) sample = static_cast<float>(sample * factor);
  response[0] = 1;
  return response;
}

std::span<const float> from_direct_sound(std::span<const float> response) {
  const auto loudest = std::ranges::max_element(
      response, [](float a, float b) { return std::abs(a) < std::abs(b); });
  if (loudest == response.end() || *loudest == 0) return {};
  return {loudest, response.end()};
}

void RoomConvolver::prepare(std::size_t response) {
  const std::size_t size = std::max(kSmallestTransform, std::bit_ceil(2 * response));
  if (size == size_) return;
  forward_ = std::make_unique<RealFft>(size);
  backward_ = std::make_unique<InverseRealFft>(size);
  size_ = size;
}

void RoomConvolver::apply(std::span<const float> response, std::vector<float>& waveform) {
  const double power = mean_power(waveform);
  response = response.first(std::min(response.size(), waveform.size()));  // the rest has no effect
  if (response.empty() || power == 0) return;
  prepare(response.size());
  const auto transform = [&](std::span<const float> samples) {
    const auto rest = std::ranges::copy(samples, forward_->input().begin()).out;
    std::fill(rest, forward_->input().end(), 0.0);
    return forward_->transform();
  };
  const std::span<const std::complex<double>> bins = transform(response);
  const std::vector<std::complex<double>> room(bins.begin(), bins.end());
  const std::size_t block = size_ - response.size() + 1;
  std::vector<double> sum(waveform.size(), 0.0);
  for (std::size_t start = 0; start < waveform.size(); start += block) {
    const std::span<const float> rest = std::span<const float>(waveform).subspan(start);
    std::ranges::transform(transform(rest.first(std::min(block, rest.size()))), room,
                           backward_->input().begin(), std::multiplies<>());
    const std::span<const double> wet = backward_->transform();
    const std::size_t reach = std::min(wet.size(), rest.size());
    for (std::size_t i = 0; i < reach; ++i) sum[start + i] += wet[i];
  }
  double wet_power = 0;
  for (const double sample : sum) wet_power += sample * sample;
  wet_power /= static_cast<double>(sum.size());
  const double level = wet_power > 0 ? std::sqrt(power / wet_power) : 0;
  std::ranges::transform(sum, waveform.begin(),
                         [level](double sample) { return static_cast<float>(level * sample); });
}

}  // namespace parlando::audio
