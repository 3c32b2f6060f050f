#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parlando::audio {

/// An operation on waveforms and the ranges that its parameters are drawn from, uniformly, both
/// ends given as [lowest, highest]. `op` is read before; visit() shows the keys of that operation.
struct WaveformOptions {
  std::string color = "white";
  std::string folder;
  std::vector<double> snr_db{15, 30};
  std::vector<double> gain_db{-6, 6};
  std::vector<double> seconds{-0.25, 0.25};
  bool roll = false;
  std::vector<double> fraction{0, 0.1};
  std::vector<double> semitones{-2, 2};
  std::vector<double> factor{0.9, 1.1};
  std::vector<double> rt60{0.2, 0.8};
  std::vector<double> direct_db{0, 10};

  template <class Visitor>
  void visit(const std::string& op, Visitor& v) {
    if (op == "waveform_noise") {
      v.field(
          "color", color,
          {.help = "of the noise; folder = recordings", .choices = {"white", "pink", "folder"}});
      if (color == "folder") v.field("folder", folder, {.help = "of wav and FLAC files of noise"});
      v.field("snr_db", snr_db,
              {.help = "signal to noise ratio", .unit = "dB", .min = -100, .max = 200});
    } else if (op == "gain") {
      v.field("gain_db", gain_db,
              {.help = "change of level", .unit = "dB", .min = -200, .max = 60});
    } else if (op == "time_shift") {
      v.field("seconds", seconds,
              {.help = "later if positive", .unit = "s", .min = -3600, .max = 3600});
      v.field("roll", roll,
              {.help = "what leaves at one end enters at the other, instead of zeros"});
    } else if (op == "waveform_mask") {
      v.field("fraction", fraction,
              {.help = "share of the samples set to 0, in one piece", .min = 0, .max = 1});
    } else if (op == "pitch_shift") {
      v.field("semitones", semitones,
              {.help = "higher if positive, at the same length",
               .unit = "semitones",
               .min = -36,
               .max = 36});
    } else if (op == "time_stretch") {
      v.field("factor", factor,
              {.help = "speed at the same pitch; above 1 is faster", .min = 0.1, .max = 10});
    } else if (op == "speed") {
      v.field("factor", factor,
              {.help = "speed and pitch together; above 1 is faster", .min = 0.1, .max = 10});
    } else if (op == "rir") {
      v.field("folder", folder,
              {.help = "of wav and FLAC files of room responses; empty = generated"});
      if (folder.empty()) {
        v.field("rt60", rt60,
                {.help = "time in which the sound decays by 60 dB",
                 .unit = "s",
                 .min = 0.01,
                 .max = 10});
        v.field("direct_db", direct_db,
                {.help = "direct sound over reverberation", .unit = "dB", .min = -30, .max = 60});
      }
    }
  }

  /// Whether the operation takes sounds from `folder`.
  bool needs_folder(const std::string& op) const;

  /// Throws Error(usage) for a range that is not [lowest, highest] or a folder that is needed.
  void validate(const std::string& op) const;
};

/// Every operation on waveforms, by name.
const std::vector<std::string>& waveform_operations();
bool is_waveform_operation(const std::string& op);

/// Samples that the operation makes of `samples` at the most.
std::int64_t longest_result(const std::string& op, const WaveformOptions& options,
                            std::int64_t samples);

}  // namespace parlando::audio
