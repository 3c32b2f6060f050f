#include "common/audio/blocks/feature_block.h"

#include "common/config/visitors.h"
#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::audio {
namespace {

template <std::size_t... Index>
std::vector<BlockRecipe> recipes_of(std::index_sequence<Index...>) {
  return {BlockRecipe(std::in_place_index<Index>)...};
}

/// One recipe of each kind, in the order of BlockRecipe.
std::vector<BlockRecipe> all_recipes() {
  return recipes_of(std::make_index_sequence<std::variant_size_v<BlockRecipe>>());
}

const char* kind_of(const BlockRecipe& recipe) {
  return std::visit([](const auto& keys) { return keys.kKind; }, recipe);
}

}  // namespace

const char* FeatureBlock::kind() const {
  return kind_of(recipe);
}

std::string FeatureBlock::default_name() const {
  return std::visit(
      [](const auto& keys) -> std::string {
        if constexpr (requires { keys.default_name(); }) {
          return keys.default_name();
        } else {
          return keys.kKind;
        }
      },
      recipe);
}

std::unique_ptr<Block> FeatureBlock::make(const BlockContext& context) const {
  return std::visit([&](const auto& keys) { return keys.make(context); }, recipe);
}

const std::vector<std::string>& block_kinds() {
  static const std::vector<std::string> kinds = [] {
    std::vector<std::string> names;
    for (const BlockRecipe& recipe : all_recipes()) names.emplace_back(kind_of(recipe));
    return names;
  }();
  return kinds;
}

FeatureBlock default_block(const std::string& kind) {
  for (BlockRecipe& recipe : all_recipes()) {
    if (kind == kind_of(recipe)) return FeatureBlock(std::move(recipe));
  }
  fail(ErrorKind::usage, "no feature block '{}'; there are {}", kind,
       join_text(block_kinds(), ", "));
}

std::string describe_blocks() {
  std::string text;
  for (BlockRecipe& recipe : all_recipes()) {
    std::vector<config_detail::HelpLine> lines;
    config_detail::Describer describer("", lines);
    std::visit([&](auto& keys) { keys.visit(describer); }, recipe);
    const char* meaning = std::visit([](const auto& keys) { return keys.kMeaning; }, recipe);
    text += fmt::format("{}: {}\n{}", kind_of(recipe), meaning, config_detail::format_help(lines));
  }
  return text;
}

}  // namespace parlando::audio
