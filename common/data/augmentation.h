#pragma once

#include <string>
#include <vector>

#include "common/data/row_operation.h"
#include "common/io/json.h"

namespace parlando::data {

/// How a variant came or comes out of its source: column `augmentation` of a dataset.
struct Augmentation {
  /// What was done to the waveform before features, in order, with the parameters drawn
  /// (common/audio/augment/draw.h). If there is any, the row has frames of its own.
  std::vector<Json> waveform;
  /// What the loader does after normalisation, in order: to the row's own frames, or to its
  /// source's where it has none.
  std::vector<RowOperation> features;
};

/// Compact JSON: the operation itself where it is a single one on features, else {"waveform": [..],
/// "features": [..]} without empty lists, {} where nothing was drawn.
std::string augmentation_to_text(const Augmentation& augmentation);

/// Throws Error(artefact) for anything else.
Augmentation augmentation_from_text(const std::string& text);

}  // namespace parlando::data
