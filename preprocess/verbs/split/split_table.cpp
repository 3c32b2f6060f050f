#include "preprocess/verbs/split/split_table.h"

#include <array>
#include <set>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

namespace parlando::preprocess {

std::string split_table(const data::Corpus& corpus, const data::Split& split) {
  std::unordered_map<std::string, const data::Clip*> by_id;
  for (const data::Clip& clip : corpus.clips) by_id.emplace(clip.id, &clip);
  const std::array sides{&split.train, &split.validation, &split.test};
  std::array<std::unordered_map<std::string, std::size_t>, 3> counts;
  std::array<std::set<std::string>, 3> speakers;
  for (std::size_t side = 0; side < sides.size(); ++side) {
    for (const std::string& id : *sides[side]) {
      const data::Clip& clip = *by_id.at(id);
      ++counts[side][clip.label];
      speakers[side].insert(clip.speaker);
    }
  }
  std::string text =
      fmt::format("{:<12}{:>12}{:>12}{:>12}\n", split.config.scheme, "train", "validation", "test");
  for (const std::string& label : corpus.classes) {
    text += fmt::format("{:<12}{:>12}{:>12}{:>12}\n", label, counts[0][label], counts[1][label],
                        counts[2][label]);
  }
  text += fmt::format("{:<12}{:>12}{:>12}{:>12}\n", "clips", split.train.size(),
                      split.validation.size(), split.test.size());
  text += fmt::format("{:<12}{:>12}{:>12}{:>12}\n\n", "speakers", speakers[0].size(),
                      speakers[1].size(), speakers[2].size());
  text += fmt::format("{:<12}{}\n", "dropped", split.dropped.size());
  for (const data::DroppedClip& clip : split.dropped) {
    text += fmt::format("  {}: {}\n", clip.id, clip.reason);
  }
  return text + fmt::format("{:<12}{}\n", "hash", split.hash());
}

}  // namespace parlando::preprocess
