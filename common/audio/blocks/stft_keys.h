#pragma once

#include <string>

#include "common/audio/stft.h"

namespace parlando::audio {

/// The keys that every block over a short-time Fourier transform has: librosa.stft's.
struct StftKeys {
  int n_fft = 2048;
  int hop_length = 512;
  int win_length = 0;
  std::string window = "hann";
  bool center = true;
  std::string pad_mode = "constant";

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("n_fft", n_fft,
            {.help = "length of the transform, even", .unit = "samples", .min = 16, .max = 65536});
    v.field("hop_length", hop_length,
            {.help = "step between frames", .unit = "samples", .min = 1, .max = 65536});
    v.field("win_length", win_length,
            {.help = "length of the window; 0 = n_fft", .unit = "samples", .min = 0, .max = 65536});
    v.field("window", window,
            {.help = "periodic", .choices = {"hann", "hamming", "blackman", "boxcar"}});
    v.field("center", center, {.help = "frame t is centred on sample t * hop_length"});
    v.field("pad_mode", pad_mode,
            {.help = "what a centred frame sees beyond the ends",
             .choices = {"constant", "reflect", "edge"}});
  }

  /// Throws Error(usage) for an odd n_fft or a window longer than it.
  StftParameters parameters() const;
};

}  // namespace parlando::audio
