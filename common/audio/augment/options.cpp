#include "common/audio/augment/options.h"

#include <algorithm>

#include "common/audio/resampler.h"
#include "common/core/error.h"

namespace parlando::audio {
namespace {

void check_range(const char* key, const std::vector<double>& range) {
  if (range.size() != 2 || range[0] > range[1]) {
    fail(ErrorKind::usage, "{}: a range is two numbers, [lowest, highest]", key);
  }
}

}  // namespace

const std::vector<std::string>& waveform_operations() {
  static const std::vector<std::string> names{"waveform_noise", "gain",        "time_shift",
                                              "waveform_mask",  "pitch_shift", "time_stretch",
                                              "speed",          "rir",         "telephone"};
  return names;
}

bool is_waveform_operation(const std::string& op) {
  return std::ranges::find(waveform_operations(), op) != waveform_operations().end();
}

bool WaveformOptions::needs_folder(const std::string& op) const {
  return (op == "waveform_noise" && color == "folder") || (op == "rir" && !folder.empty());
}

void WaveformOptions::validate(const std::string& op) const {
  check_range("snr_db", snr_db);
  check_range("gain_db", gain_db);
  check_range("seconds", seconds);
  check_range("fraction", fraction);
  check_range("semitones", semitones);
  check_range("factor", factor);
  check_range("rt60", rt60);
  check_range("direct_db", direct_db);
  if (needs_folder(op) && folder.empty()) {
    fail(ErrorKind::usage, "folder: noise of color 'folder' needs one");
  }
}

std::int64_t longest_result(const std::string& op, const WaveformOptions& options,
                            std::int64_t samples) {
  if (op == "speed" || op == "time_stretch") {
    // One more for what the rounding of a factor may do.
    return resampled_length(samples, options.factor[0], 1) + 1;
  }
  return samples;
}

}  // namespace parlando::audio
