#include "common/audio/window.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/core/error.h"

namespace parlando::audio {

Window window_named(const std::string& name) {
  if (name == "hann") return Window::hann;
  if (name == "hamming") return Window::hamming;
  if (name == "blackman") return Window::blackman;
  if (name == "boxcar") return Window::boxcar;
  fail(ErrorKind::usage, "no window '{}'; there are hann, hamming, blackman and boxcar", name);
}

std::vector<double> periodic_window(Window window, std::size_t n) {
  std::vector<double> values(n, 1.0);
  if (window == Window::boxcar || n <= 1) return values;
  const double step = 2 * std::numbers::pi / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = step * static_cast<double>(i);
    if (window == Window::hann) values[i] = 0.5 - 0.5 * std::cos(angle);
    if (window == Window::hamming) values[i] = 0.54 - 0.46 * std::cos(angle);
    if (window == Window::blackman) {
      values[i] = 0.42 - 0.5 * std::cos(angle) + 0.08 * std::cos(2 * angle);
    }
  }
  return values;
}

std::vector<double> periodic_hann(std::size_t n) {
  return periodic_window(Window::hann, n);
}

std::vector<double> centred_window(Window window, std::size_t length, std::size_t size) {
  const std::vector<double> values = periodic_window(window, length);
  std::vector<double> centred(size, 0.0);
  std::copy(values.begin(), values.end(),
            centred.begin() + static_cast<std::ptrdiff_t>((size - length) / 2));
  return centred;
}

}  // namespace parlando::audio
