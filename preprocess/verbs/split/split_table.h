#pragma once

#include <string>

#include "common/data/split.h"

namespace parlando::preprocess {

/// Clips of each class on each side, the dropped clips with their reasons and the hash, for a
/// person. Ends with a newline.
std::string split_table(const data::Corpus& corpus, const data::Split& split);

}  // namespace parlando::preprocess
