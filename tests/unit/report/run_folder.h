#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/io/json.h"
#include "common/metrics/prediction.h"

namespace parlando::report {

/// What a made-up run folder holds; the defaults are those of a finished run on RAVDESS.
struct RunFolder {
  std::string corpus = "RAVDESS";
  bool synthetic = false;
  std::string seed = "1";
  std::string config_note = "plain";
  std::vector<std::string> classes{"calm", "happy", "sad"};
  std::string reason = "final evaluation";
  int reads = 1;
  int identical_audio = 0;  ///< clips with a copy on the other side: a leak if not 0
  bool evaluated = true;
  std::vector<std::string> leaks{};  ///< allowed by protocol.allow_leak
  bool permuted_labels = false;
  Json channels = Json::object();  ///< that sides are limited to
};

/// Forty clips of four actors; of "calm" 10 of 14 are right, of "happy" 12 of 13, of "sad" 8 of 13.
std::vector<metrics::Prediction> sample_predictions();

/// Writes the files that train writes, through the same functions where they are common.
void write_run_folder(const std::filesystem::path& folder, const RunFolder& run = {});

}  // namespace parlando::report
