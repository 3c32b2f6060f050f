#pragma once

#include <memory>
#include <string>

#include "common/audio/blocks/block.h"

namespace parlando::audio {

/// Arrays that another program computed, for instance embeddings of a pretrained network.
struct ExternalRecipe {
  static constexpr const char* kKind = "external";
  static constexpr const char* kMeaning =
      "arrays computed elsewhere, [rows, frames] or [rows], one a clip";
  std::string path = "";
  int rows = 1;
  bool repeat = false;
  int max_frames = 1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("path", path,
            {.help = "folder of <clip id>.npy files, or an .h5 or .hdf5 file with a dataset <clip "
                     "id>; float32 or float64"});
    v.field("rows", rows, {.help = "that each array has", .min = 1, .max = 1000000});
    v.field("repeat", repeat,
            {.help = "an array has one frame, repeated to the frames of the blocks before"});
    v.field("max_frames", max_frames,
            {.help = "that an array has at most, where no other block tells", .min = 1});
  }
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
