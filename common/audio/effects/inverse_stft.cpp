#include "common/audio/effects/inverse_stft.h"

#include <algorithm>
#include <limits>

#include "common/audio/effects/kernels.h"
#include "common/audio/stft.h"

namespace parlando::audio {

InverseStft::InverseStft(std::size_t n_fft, std::size_t hop)
    : n_fft_(n_fft), hop_(hop), window_(periodic_hann(n_fft)), fft_(n_fft) {}

void InverseStft::invert(const ComplexSpectrogram& stft, std::size_t length,
                         std::vector<float>& out) {
  if (length == 0) length = hop_ * (stft.frames - 1);
  // Frames that begin behind the end add nothing.
  const std::size_t frames = std::min(stft.frames, (length + n_fft_ + hop_ - 1) / hop_);
  update_envelope(frames, length);
  const std::size_t margin = n_fft_ / 2;
  sum_.assign(std::max(length + margin, n_fft_ + hop_ * (frames - 1)), 0.0F);
  const float scale = 1.0F / static_cast<float>(n_fft_);
  for (std::size_t t = 0; t < frames; ++t) {
    std::ranges::copy(stft.frame(t), fft_.input().begin());
    kernels::add_windowed(fft_.transform(), scale, window_, {sum_.data() + t * hop_, n_fft_});
  }
  out.resize(length);
  kernels::divide({sum_.data() + margin, length}, envelope_, out);
}

void InverseStft::update_envelope(std::size_t frames, std::size_t length) {
  if (envelope_frames_ == frames && envelope_.size() == length) return;
  const std::size_t margin = n_fft_ / 2;
  std::vector<double> squared(window_);
  for (double& value : squared) value *= value;
  std::vector<float> sum(std::max(length + margin, n_fft_ + hop_ * (frames - 1)), 0.0F);
  for (std::size_t t = 0; t < frames; ++t) {
    float* at = sum.data() + t * hop_;
    for (std::size_t i = 0; i < n_fft_; ++i) {
      at[i] = static_cast<float>(static_cast<double>(at[i]) + squared[i]);
    }
  }
  const auto first = sum.begin() + static_cast<std::ptrdiff_t>(margin);
  envelope_.assign(first, first + static_cast<std::ptrdiff_t>(length));
  for (float& value : envelope_) {
    if (!(value > std::numeric_limits<float>::min())) value = 1;
  }
  envelope_frames_ = frames;
}

}  // namespace parlando::audio
