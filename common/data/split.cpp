#include "common/data/split.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/divide.h"
#include "common/data/speaker_folds.h"
#include "common/io/checksum.h"

namespace parlando::data {
namespace {

std::vector<std::string> ids_of(const Corpus& corpus, const std::vector<std::size_t>& side) {
  std::vector<std::string> ids;
  ids.reserve(side.size());
  for (const std::size_t i : side) ids.push_back(corpus.clips[i].id);
  return ids;
}

/// Takes clips off the sides that stand, by their audio or by the take that their labels name, on a
/// side that was dealt with before.
class SharedAudio {
 public:
  explicit SharedAudio(const Corpus& corpus) {
    for (const Clip& clip : corpus.clips) clip_of_.emplace(clip.id, &clip);
  }

  void settle(std::vector<std::string>& side, Side name, std::vector<DroppedClip>& dropped) {
    std::erase_if(side, [&](const std::string& id) {
      const Clip& clip = *clip_of_.at(id);
      const auto twin = by_audio_.find(clip.audio_hash);
      const auto take = by_take_.find(take_of(clip));
      if (twin != by_audio_.end()) {
        dropped.push_back({id, "identical audio to " + twin->second});
      } else if (take != by_take_.end()) {
        dropped.push_back({id, "another file of the take " + take->second});
      }
      return twin != by_audio_.end() || take != by_take_.end();
    });
    for (const std::string& id : side) {
      const Clip& clip = *clip_of_.at(id);
      const std::string place = fmt::format("{} on the {} side", id, side_name(name));
      if (!clip.audio_hash.empty()) by_audio_.emplace(clip.audio_hash, place);
      if (const std::string take = take_of(clip); !take.empty()) by_take_.emplace(take, place);
    }
  }

 private:
  std::unordered_map<std::string, const Clip*> clip_of_;
  std::unordered_map<std::string, std::string> by_audio_, by_take_;
};

/// Throws Error(usage) for a channel that no clip has.
void check_channels(const Corpus& corpus, const ChannelsConfig& config) {
  std::vector<std::string> known;
  for (const Clip& clip : corpus.clips) {
    if (!clip.channel.empty() && std::ranges::find(known, clip.channel) == known.end())
      known.push_back(clip.channel);
  }
  for (const auto* channels : {&config.train, &config.validation, &config.test}) {
    for (const std::string& channel : *channels) {
      if (std::ranges::find(known, channel) != known.end()) continue;
      fail(ErrorKind::usage,
           "split.channels: no clip of the corpus has the channel '{}'; it has {}", channel,
           known.empty() ? "none" : join_text(known, ", "));
    }
  }
}

/// Takes the clips of other channels off the sides.
void keep_channels(Split& split, const Corpus& corpus) {
  const ChannelsConfig& config = split.config.channels;
  if (config == ChannelsConfig{}) return;
  check_channels(corpus, config);
  std::unordered_map<std::string, const std::string*> channel_of;
  for (const Clip& clip : corpus.clips) channel_of.emplace(clip.id, &clip.channel);
  const auto keep = [&](std::vector<std::string>& side, Side name,
                        const std::vector<std::string>& channels) {
    if (channels.empty()) return;
    std::erase_if(side, [&](const std::string& id) {
      const std::string& channel = *channel_of.at(id);
      const bool kept = std::ranges::find(channels, channel) != channels.end();
      if (!kept) {
        split.dropped.push_back(
            {id, fmt::format("the {} side holds no clips of the channel '{}' (split.channels)",
                             side_name(name), channel)});
      }
      return !kept;
    });
  };
  keep(split.train, Side::train, config.train);
  keep(split.validation, Side::validation, config.validation);
  keep(split.test, Side::test, config.test);
}

}  // namespace

const char* side_name(Side side) {
  switch (side) {
    case Side::train:
      return "train";
    case Side::validation:
      return "validation";
    case Side::test:
      return "test";
    case Side::dropped:
      return "dropped";
  }
  return "";
}

std::string Split::hash() const {
  Hasher hasher;
  hasher.update_field("parlando-split-1");
  for (const auto* side : {&train, &validation, &test}) {
    hasher.update_field(std::to_string(side->size()));
    for (const std::string& id : *side) hasher.update_field(id);
  }
  return hasher.hex();
}

int fold_count(const Corpus& corpus, const SplitConfig& config) {
  if (config.scheme.starts_with("kfold")) return config.folds;
  return divides_speakers(config.scheme) ? static_cast<int>(speaker_folds(corpus, config).size())
                                         : 1;
}

Split draw_split(const Corpus& corpus, const SplitConfig& config) {
  if (corpus.clips.empty()) fail(ErrorKind::data, "the corpus has no clips to divide");
  const DividedClips sides = divide_clips(corpus, config);
  Split split;
  split.config = config;
  split.classes = corpus.classes;
  split.train = ids_of(corpus, sides.train);
  split.validation = ids_of(corpus, sides.validation);
  split.test = ids_of(corpus, sides.test);
  keep_channels(split, corpus);
  return split;
}

void drop_shared_audio(Split& split, const Corpus& corpus) {
  SharedAudio shared(corpus);
  shared.settle(split.test, Side::test, split.dropped);
  shared.settle(split.validation, Side::validation, split.dropped);
  shared.settle(split.train, Side::train, split.dropped);
  if (split.train.empty() || split.test.empty()) {
    fail(ErrorKind::data, "split {}: the {} side is empty", split.config.scheme,
         split.train.empty() ? "training" : "test");
  }
  split.corpus_hash = corpus.hash();
}

Split make_split(const Corpus& corpus, const SplitConfig& config) {
  Split split = draw_split(corpus, config);
  drop_shared_audio(split, corpus);
  return split;
}

void check_split(const Split& split, const Corpus& corpus) {
  if (!split.classes.empty() && split.classes != corpus.classes) {
    fail(ErrorKind::data,
         "the split was made for the classes {}, the corpus has {}; make the split anew, or give "
         "the classes that it was made for",
         join_text(split.classes, ", "), join_text(corpus.classes, ", "));
  }
  std::unordered_set<std::string> known;
  for (const Clip& clip : corpus.clips) known.insert(clip.id);
  std::unordered_map<std::string, Side> side_of;
  const std::pair<Side, const std::vector<std::string>*> sides[]{
      {Side::train, &split.train},
      {Side::validation, &split.validation},
      {Side::test, &split.test}};
  for (const auto& [side, ids] : sides) {
    for (const std::string& id : *ids) {
      if (!known.contains(id)) {
        fail(ErrorKind::data,
             "the split's {} side names clip '{}', which the corpus does not have; make the split "
             "anew "
             "from this corpus",
             side_name(side), id);
      }
      const auto [entry, first] = side_of.emplace(id, side);
      if (!first) {
        fail(ErrorKind::data, "the split names clip '{}' on the {} side and on the {} side", id,
             side_name(entry->second), side_name(side));
      }
    }
  }
  for (const DroppedClip& clip : split.dropped) side_of.emplace(clip.id, Side::dropped);
  for (const Clip& clip : corpus.clips) {
    if (side_of.contains(clip.id)) continue;
    fail(ErrorKind::data,
         "the split puts clip '{}' of the corpus on no side; make the split anew, or list the clip "
         "among those dropped",
         clip.id);
  }
}

}  // namespace parlando::data
