#pragma once

#include <memory>
#include <string>

#include "common/audio/blocks/block.h"

namespace parlando::audio {

struct DeltaRecipe {
  static constexpr const char* kKind = "delta";
  static constexpr const char* kMeaning =
      "derivative over time of an earlier block: librosa.feature.delta";
  std::string of = "mfcc";
  int order = 1;
  int width = 9;
  std::string mode = "interp";

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("of", of, {.help = "name of the block"});
    v.field("order", order, {.help = "which derivative", .min = 1, .max = 8});
    v.field("width", width,
            {.help = "frames that the polynomial is fitted over, odd", .min = 3, .max = 999});
    v.field("mode", mode,
            {.help = "what stands beyond the ends; interp: the polynomial of the last frames",
             .choices = {"interp", "nearest", "mirror", "constant", "wrap"}});
  }

  /// "mfcc_delta", "mfcc_delta2", ...
  std::string default_name() const;
  std::unique_ptr<Block> make(const BlockContext& context) const;
};

}  // namespace parlando::audio
