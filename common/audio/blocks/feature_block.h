#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/audio/blocks/block.h"
#include "common/audio/blocks/chroma.h"
#include "common/audio/blocks/cqt.h"
#include "common/audio/blocks/delta.h"
#include "common/audio/blocks/energy.h"
#include "common/audio/blocks/external.h"
#include "common/audio/blocks/f0.h"
#include "common/audio/blocks/mel.h"
#include "common/audio/blocks/mfcc.h"
#include "common/audio/blocks/spectral.h"
#include "common/audio/blocks/stft.h"
#include "common/audio/blocks/tuning.h"

namespace parlando::audio {

/// The kinds of blocks. Another kind is a recipe struct with kKind, kMeaning, visit() and make(),
/// added here. Its make() returns the block, or throws Error(usage) for keys that contradict each
/// other; it opens no file. A struct may add default_name(), where that is not the kind.
using BlockRecipe =
    std::variant<LogMelRecipe, MelRecipe, MfccRecipe, DeltaRecipe, RmsRecipe,
                 ZeroCrossingRateRecipe, SpectralCentroidRecipe, SpectralBandwidthRecipe,
                 SpectralRolloffRecipe, SpectralFlatnessRecipe, SpectralContrastRecipe,
                 ChromaStftRecipe, ChromaCqtRecipe, CqtRecipe, TonnetzRecipe, EstimateTuningRecipe,
                 YinRecipe, PyinRecipe, StftRecipe, ExternalRecipe>;

/// One entry of a recipe's `features`: the kind, a name and the keys of that kind.
struct FeatureBlock {
  BlockRecipe recipe{};
  std::string name = "";  ///< prefix of the row names; empty = default_name()

  FeatureBlock() = default;
  template <class Recipe>
  requires std::constructible_from<BlockRecipe, Recipe> FeatureBlock(Recipe block_recipe,
                                                                     std::string block_name = "")
      : recipe(std::move(block_recipe)), name(std::move(block_name)) {
    if (name.empty()) name = default_name();
  }

  const char* kind() const;
  /// The kind, but for blocks that are named after another one.
  std::string default_name() const;
  std::unique_ptr<Block> make(const BlockContext& context) const;

  template <class Visitor>
  void visit(Visitor& v);
};

/// Names of all kinds.
const std::vector<std::string>& block_kinds();

/// A block of that kind with its default keys. Throws Error(usage) for an unknown kind.
FeatureBlock default_block(const std::string& kind);

/// A table of all kinds with their keys, defaults and meanings, for --help.
std::string describe_blocks();

template <class Visitor>
void FeatureBlock::visit(Visitor& v) {
  std::string block = kind();
  v.field("block", block, {.help = "which feature", .choices = block_kinds(), .required = true});
  if (block != kind()) recipe = default_block(block).recipe;
  v.field("name", name, {.help = "prefix of its row names; the kind if absent"});
  std::visit([&](auto& keys) { keys.visit(v); }, recipe);
  if (name.empty()) name = default_name();
}

}  // namespace parlando::audio
