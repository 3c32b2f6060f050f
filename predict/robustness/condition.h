#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/io/json.h"
#include "preprocess/pipeline/preprocess_config.h"

namespace parlando::predict {

/// A named change of recordings: operations on the waveform, in their order; none for "clean".
struct Condition {
  std::string name;
  std::vector<preprocess::VariantOperation> operations;
};

/// "clean", "telephone", white noise as "snr10" or "noise 10 dB", "pink noise 10 dB", and another
/// level as "gain-20" or "gain -20 dB". Throws Error(usage) for another name, listing these.
Condition preset_condition(const std::string& name);

/// "NAME={op: ..., key: [lowest, highest]}" or "NAME=[{op: ...}, ...]": operations as `variants` in
/// a preprocess configuration has them. Throws Error(usage).
Condition parse_condition(const std::string& text);

/// What the operations of conditions need besides.
class ConditionDraws {
 public:
  /// Lists the folders of sounds. Throws Error(usage) for one that is missing or empty.
  ConditionDraws(std::vector<Condition> conditions, std::uint64_t seed);

  const std::vector<Condition>& conditions() const { return conditions_; }

  /// The operations of condition `index` with parameters drawn for a clip, for
  /// audio::WaveformAugmenter: a function of seed, clip and place in the list of operations, so
  /// that conditions which differ in the level of noise alone have the same noise.
  std::vector<Json> draw(std::size_t index, const std::string& clip) const;

 private:
  std::vector<Condition> conditions_;
  std::uint64_t seed_;
  std::vector<std::vector<std::vector<std::string>>> sounds_;  ///< by condition and operation
};

}  // namespace parlando::predict
