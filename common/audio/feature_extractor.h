#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/audio/decode.h"
#include "common/audio/recipe.h"

namespace parlando::audio {

/// Features of one clip, time-major [frames, rows].
struct FeatureMatrix {
  std::size_t frames = 0;
  std::size_t rows = 0;
  std::vector<float> values;
};

/// Turns clips into features by one recipe. Holds windows, filterbanks, FFT plans and a resampler,
/// which are made once: use one extractor a thread. Not thread-safe.
class FeatureExtractor {
 public:
  explicit FeatureExtractor(const FeatureRecipe& recipe);
  ~FeatureExtractor();
  FeatureExtractor(FeatureExtractor&&) noexcept;

  /// One name a feature row, for instance "mel_0".
  const std::vector<std::string>& row_names() const;

  /// Seconds that the recipe reads of a clip from its start; 0 = all of it.
  double seconds_needed() const;

  /// Seconds from one frame to the next; 0 where only the clip tells, or for statistics over time.
  double frame_step() const;

  /// Frames that a clip of this length has at the most, known from its header alone.
  std::size_t max_frames(std::int64_t sample_rate, std::int64_t samples) const;
  /// Samples of the waveform of such a clip before fix_length, likewise.
  std::int64_t max_samples(std::int64_t sample_rate, std::int64_t samples) const;
  /// Frames of a waveform of this many samples before fix_length.
  std::size_t frames_of(std::int64_t samples) const;

  /// Hash of what blocks read of a clip besides its samples; "" if nothing. `hash` gives that of a
  /// file. Throws Error(usage) if a folder or file that a block reads is missing.
  std::string input_hash(const std::string& clip_id, const FileHash& hash) const;

  /// `clip_id` is for blocks that look the clip up elsewhere. Throws Error(data) naming what is
  /// wrong (not the file: the caller knows it), for instance samples that are not finite.
  FeatureMatrix extract(const DecodedAudio& audio, const std::string& clip_id = "");

  /// The two halves of extract(), between which a waveform may be changed: everything up to
  /// fix_length, and fix_length and the features.
  std::vector<float> waveform(const DecodedAudio& audio);
  FeatureMatrix extract_waveform(std::vector<float> waveform, const std::string& clip_id = "");

  /// One intermediate, [rows, frames] as librosa has it: "waveform" (rows = 1), a block of the
  /// recipe by its name, or a kind of block with its default keys. Throws Error(usage) for an
  /// unknown name, listing those there are.
  FeatureMatrix stage(const DecodedAudio& audio, const std::string& name,
                      const std::string& clip_id = "");

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Version of the numerics of the feature blocks: part of every dataset's id; raised when a number
/// changes.
inline constexpr int kFeatureNumericsVersion = 4;

}  // namespace parlando::audio
