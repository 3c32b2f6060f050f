#include "train/data/input_fit.h"

#include <algorithm>

#include <fmt/format.h>

namespace parlando::train {

InputFit fit_input(const data::Dataset& dataset, std::span<const std::size_t> rows,
                   std::size_t frames) {
  const auto room = static_cast<std::int64_t>(frames);
  InputFit fit{.shortest = dataset.rows()[rows.front()].frames};
  std::int64_t all = 0, kept = 0;
  for (const std::size_t row : rows) {
    const std::int64_t length = dataset.rows()[row].frames;
    fit.shortest = std::min(fit.shortest, length);
    fit.longest = std::max(fit.longest, length);
    all += length;
    kept += std::min(length, room);
  }
  const auto input = static_cast<double>(room * std::ssize(rows));
  fit.cropped = all > 0 ? static_cast<double>(all - kept) / static_cast<double>(all) : 0;
  fit.padded = 1 - static_cast<double>(kept) / input;
  return fit;
}

std::string describe_fit(const InputFit& fit) {
  return fmt::format(
      "clips of {} to {} frames; {:.1f} % of their frames are cropped, {:.1f} % of the input is "
      "padding",
      fit.shortest, fit.longest, 100 * fit.cropped, 100 * fit.padded);
}

}  // namespace parlando::train
