#pragma once

#include <cstddef>
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
    std::size_t clip = 0;  ///< index into `clips`
    data::RowOperation operation;
  };
  std::vector<std::size_t> clips;  ///< dataset rows
  std::vector<Variant> variants;
};

/// Looks the clips of a side up. Only the training side gets variants, whatever the dataset holds.
/// Throws Error(data) if the dataset lacks a clip, naming it.
SideRows find_side_rows(const data::Dataset& dataset, const data::Split& split, data::Side side,
                        bool with_variants);

}  // namespace parlando::train
