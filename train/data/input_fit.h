#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/data/dataset.h"

namespace parlando::train {

/// How clips fill a network's input.
struct InputFit {
  std::int64_t shortest = 0, longest = 0;  ///< frames
  double cropped = 0;                      ///< share of the clips' frames that is cut off
  double padded = 0;                       ///< share of the input that is padding

  /// Far from what a recipe means to do: the dataset is probably of another one.
  bool is_doubtful() const { return cropped > 0.25 || padded > 0.6; }
};

/// Of the clips in these rows of the dataset, at least one, cropped or padded to `frames`.
InputFit fit_input(const data::Dataset& dataset, std::span<const std::size_t> rows,
                   std::size_t frames);

/// "clips of 61 to 130 frames; 1.5 % of their frames are cropped, 12.0 % of the input is padding".
std::string describe_fit(const InputFit& fit);

}  // namespace parlando::train
