#pragma once

#include <span>
#include <string>

#include "common/data/audit.h"
#include "common/data/dataset.h"

namespace parlando::data {

/// Adds what only the rows of a dataset show, where it occurs: "variant-outside-train" for each
/// variant whose source is on another side than the training side, "row-not-in-split" for each clip
/// that no side names, "clip-without-row" for each clip of a side that has no row. Rows of dropped
/// clips are on no side and count for none. None is tolerated by any scheme.
void audit_rows(std::span<const DatasetRow> rows, const Split& split, Audit& audit);

/// Adds "other-label", where it occurs: rows whose class, an index into `classes`, is not the label
/// that the corpus gives their clip. No scheme tolerates it.
void audit_labels(std::span<const DatasetRow> rows, std::span<const std::string> classes,
                  const Corpus& corpus, Audit& audit);

/// Adds "held-out-sound", where it occurs: sounds that augmentation mixed into training clips and
/// that have the audio of a validation or test clip. No scheme tolerates it.
void audit_sounds(std::span<const Sound> sounds, const Corpus& corpus, const Split& split,
                  Audit& audit);

}  // namespace parlando::data
