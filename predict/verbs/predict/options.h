#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "predict/input/pcm_stream.h"

namespace parlando::predict {

/// What the verb predict is asked for.
struct PredictOptions {
  std::filesystem::path model;
  std::vector<std::string> inputs;
  bool json = false;
  bool attention = false;
  int threads = 0;               ///< 0 = all cores
  std::optional<double> window;  ///< seconds; 0 = as much as the network sees
  double hop = 0;                ///< seconds; 0 = half a window
  bool stream = false;
  PcmFormat format;  ///< of a stream without a header
};

}  // namespace parlando::predict
