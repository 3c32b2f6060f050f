#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/core/random.h"
#include "common/data/row_operation.h"
#include "common/io/json.h"
#include "preprocess/pipeline/preprocess_config.h"

namespace parlando::preprocess {

/// Draws which operations a variant gets and their parameters: functions of the configuration, the
/// clip and the copy (from 1) alone. Thread-safe.
class VariantDraws {
 public:
  /// Lists the folders of sounds. Throws Error(usage) for one that is missing or empty.
  explicit VariantDraws(const VariantsConfig& config);

  int copies() const { return config_.copies; }

  bool change_waveforms() const { return config_.change_waveforms(); }

  /// The operations on the waveform, for audio::WaveformAugmenter; most often none.
  std::vector<Json> waveform(const std::string& clip, int copy) const;

  /// The operations on features of a variant with `frames` frames of `rows` rows.
  std::vector<data::RowOperation> features(const std::string& clip, int copy, std::int64_t frames,
                                           std::int64_t rows) const;

 private:
  struct Chosen {
    const VariantOperation* operation;
    RandomStream stream;  ///< of its parameters
  };
  std::vector<Chosen> choose(const std::string& clip, int copy) const;

  VariantsConfig config_;
  std::map<std::string, std::vector<std::string>> sounds_;  ///< files of each folder
};

/// Samples of the waveform of a variant of a clip with `samples` samples at the most.
std::int64_t longest_variant(const VariantsConfig& config, std::int64_t samples);

/// Folders of sounds that the variants are made with.
std::vector<std::string> sound_folders(const VariantsConfig& config);

}  // namespace parlando::preprocess
