#include "common/audio/blocks/stft_keys.h"

#include "common/core/error.h"

namespace parlando::audio {

StftParameters StftKeys::parameters() const {
  if (n_fft % 2 != 0) fail(ErrorKind::usage, "n_fft: {} is odd; an even length is needed", n_fft);
  if (win_length > n_fft) {
    fail(ErrorKind::usage, "win_length: {} is longer than n_fft, {}", win_length, n_fft);
  }
  return {.n_fft = static_cast<std::size_t>(n_fft),
          .hop_length = static_cast<std::size_t>(hop_length),
          .win_length = static_cast<std::size_t>(win_length > 0 ? win_length : n_fft),
          .window = window_named(window),
          .center = center,
          .pad_mode = pad_mode_named(pad_mode)};
}

}  // namespace parlando::audio
