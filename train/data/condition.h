#pragma once

#include <string>
#include <vector>

#include "common/data/dataset.h"
#include "common/data/split.h"
#include "common/io/json.h"
#include "train/data/clip_features.h"

namespace parlando::train {

/// A change of the recordings that a network is tested under.
struct Condition {
  std::string name;
  Json operation;  ///< as WaveformAugmenter has it, without the seed of noise; null = none
};

/// Reads "clean", "noise 10 dB" or "pink noise 10 dB" (the recording's mean power over the
/// noise's), "gain -20 dB" or "telephone". Throws Error(usage) that lists them.
Condition parse_condition(const std::string& name);

/// One side's clips, changed before anything else is done to them, then as preprocess and training
/// made them: decoded from the corpus again, through `recipe` (the effective preprocess
/// configuration), cropped and normalised. The noise of a clip depends on its id alone. Throws
/// Error(data) if a clip is gone or has other audio than the dataset was made of.
ClipFeatures changed_side(const data::Dataset& dataset, const data::Split& split, data::Side side,
                          const std::string& recipe, const Condition& condition,
                          const Normalization& normalization);

}  // namespace parlando::train
