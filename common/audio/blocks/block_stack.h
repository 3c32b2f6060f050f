#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/audio/blocks/feature_block.h"

namespace parlando::audio {

/// The blocks of a recipe, made and checked against each other.
class BlockStack {
 public:
  struct Entry {
    std::string name;
    std::unique_ptr<Block> block;
  };

  /// Throws Error(usage) that names the block for a name that is taken, for keys that contradict
  /// each other and for blocks that differ in their number of frames.
  BlockStack(const std::vector<FeatureBlock>& blocks, std::int64_t sample_rate);

  const std::vector<Entry>& entries() const { return entries_; }
  /// How the frames of all lie; nothing if only the clip tells.
  const std::optional<FrameGrid>& grid() const { return context_.grid(); }
  /// Frames that a waveform of that many samples has at most.
  std::size_t max_frames(std::size_t samples) const;
  /// Null if there is no such name.
  Block* find(const std::string& name) const;
  /// One name a row of the stack.
  std::vector<std::string> row_names() const;

 private:
  void add(const FeatureBlock& recipe);

  BlockContext context_;
  std::vector<Entry> entries_;
  std::string grid_owner_;  ///< the first block that has a grid
};

}  // namespace parlando::audio
