#pragma once

#include <span>

#include "common/data/audit.h"
#include "common/data/dataset.h"

namespace parlando::data {

/// Adds what only the rows of a dataset show, where it occurs: "variant-outside-train" for each
/// variant whose source is on another side than the training side, "row-not-in-split" for each clip
/// that no side names. Rows of dropped clips are on no side and count for neither. Neither is
/// tolerated by any scheme.
void audit_rows(std::span<const DatasetRow> rows, const Split& split, Audit& audit);

/// Adds "held-out-sound", where it occurs: sounds that augmentation mixed into training clips and
/// that have the audio of a validation or test clip. No scheme tolerates it.
void audit_sounds(std::span<const Sound> sounds, const Corpus& corpus, const Split& split,
                  Audit& audit);

}  // namespace parlando::data
