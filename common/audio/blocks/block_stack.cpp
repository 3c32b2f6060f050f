#include "common/audio/blocks/block_stack.h"

#include <algorithm>

#include "common/core/error.h"

namespace parlando::audio {

BlockStack::BlockStack(const std::vector<FeatureBlock>& blocks, std::int64_t sample_rate)
    : context_(sample_rate) {
  if (blocks.empty()) fail(ErrorKind::usage, "features: at least one block is needed");
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    try {
      add(blocks[i]);
    } catch (const Error& error) {
      fail(error.kind(), "features.{} ({}): {}", i, blocks[i].name, error.what());
    }
  }
}

void BlockStack::add(const FeatureBlock& recipe) {
  if (recipe.name.empty()) fail(ErrorKind::internal, "a block without a name");
  if (find(recipe.name) != nullptr) {
    fail(ErrorKind::usage, "an earlier block has this name; give one of them another 'name'");
  }
  std::unique_ptr<Block> block = recipe.make(context_);
  const std::optional<FrameGrid> grid = block->grid();
  const std::optional<FrameGrid>& others = context_.grid();
  if (grid && others && !grid->agrees_with(*others)) {
    fail(ErrorKind::usage,
         "hop_length {}, n_fft or frame_length {}, center {} do not give as many frames as {}, {}, "
         "{} of the block '{}'; stacked blocks need the same frames",
         grid->hop_length, grid->frame_length, grid->center, others->hop_length,
         others->frame_length, others->center, grid_owner_);
  }
  if (grid && !others) grid_owner_ = recipe.name;
  context_.add(recipe.name, *block);
  entries_.push_back({recipe.name, std::move(block)});
}

std::size_t BlockStack::max_frames(std::size_t samples) const {
  if (grid()) return grid()->frames(samples);
  std::size_t most = 0;
  for (const Entry& entry : entries_) most = std::max(most, entry.block->max_frames());
  return most;
}

Block* BlockStack::find(const std::string& name) const {
  for (const Entry& entry : entries_) {
    if (entry.name == name) return entry.block.get();
  }
  return nullptr;
}

std::vector<std::string> BlockStack::row_names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    for (const std::string& suffix : entry.block->row_suffixes()) {
      names.push_back(fmt::format("{}_{}", entry.name, suffix));
    }
  }
  return names;
}

}  // namespace parlando::audio
