#pragma once

#include <istream>
#include <string>
#include <vector>

#include "common/data/corpus.h"

namespace parlando::predict {

/// Clips that were asked for, and what of it can't be looked at.
struct ClipList {
  std::vector<std::string> paths;
  std::vector<data::Defect> defects;
};

/// Files as they are named, the clips below folders as `scan` finds them, in the order of their
/// paths, and for "-" what the lines of `standard_input` name. A folder without clips is a defect.
ClipList list_clips(const std::vector<std::string>& inputs, std::istream& standard_input);

}  // namespace parlando::predict
