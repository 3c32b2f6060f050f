#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/data/dataset.h"
#include "common/data/row_operation.h"
#include "common/data/split.h"

namespace parlando::train {

/// Dataset rows of one side: its clips, in the order of the split, and the stored variants of them.
struct SideRows {
  struct Variant {
    std::size_t dataset_row = 0;
    std::size_t clip = 0;  ///< index into `clips`
    /// Index into `changed` of a variant with features of its own; absent: its source's are taken.
    std::optional<std::size_t> changed;
    std::vector<data::RowOperation> operations;  ///< on normalised features, in order
  };
  std::vector<std::size_t> clips;    ///< dataset rows
  std::vector<std::size_t> changed;  ///< dataset rows of variants with features of their own
  std::vector<Variant> variants;
};

/// Looks the clips of a side up. Only the training side gets variants, whatever the dataset holds.
/// Throws Error(data) if the dataset lacks a clip, naming it; Error(artefact) for a variant that
/// can't be made.
SideRows find_side_rows(const data::Dataset& dataset, const data::Split& split, data::Side side,
                        bool with_variants);

}  // namespace parlando::train
