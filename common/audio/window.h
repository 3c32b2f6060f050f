#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parlando::audio {

enum class Window { hann, hamming, blackman, boxcar };

/// "hann", "hamming", "blackman" or "boxcar". Throws Error(usage) for another name.
Window window_named(const std::string& name);

/// The periodic window of n samples, scipy.signal.get_window(name, n).
std::vector<double> periodic_window(Window window, std::size_t n);

/// Periodic Hann window: 0.5 - 0.5 cos(2 pi i / n).
std::vector<double> periodic_hann(std::size_t n);

/// The window with zeros on both sides up to `size` samples, the middle in the middle.
std::vector<double> centred_window(Window window, std::size_t length, std::size_t size);

}  // namespace parlando::audio
