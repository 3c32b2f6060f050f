#include "common/data/split.h"

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/speaker_folds.h"
#include "common/data/stratified.h"
#include "common/io/checksum.h"

namespace parlando::data {
namespace {

/// What is drawn as one: a clip, or all repetitions of an utterance (indices into the corpus).
using Unit = std::vector<std::size_t>;

struct Sides {
  std::vector<std::size_t> train, validation, test;
};

std::vector<Unit> make_units(const Corpus& corpus, bool pairs) {
  std::vector<Unit> units;
  std::unordered_map<std::string, std::size_t> unit_of_utterance;
  for (std::size_t i = 0; i < corpus.clips.size(); ++i) {
    const Clip& clip = corpus.clips[i];
    if (!pairs || clip.repetition.empty()) {
      units.push_back({i});
      continue;
    }
    const std::string utterance =
        join_text({clip.speaker, clip.channel, clip.label, clip.intensity, clip.statement}, "\x1f");
    const auto [entry, first] = unit_of_utterance.emplace(utterance, units.size());
    if (first) units.emplace_back();
    units[entry->second].push_back(i);
  }
  return units;
}

/// Strata as integers whose order is scikit-learn's: emotion from 1, times ten, plus the channel.
int stratum_of(const Corpus& corpus, const Clip& clip, bool by_channel) {
  const int emotion = corpus.class_index(clip.label) + 1;
  if (!by_channel) return emotion * 10;
  if (clip.channel == "speech") return emotion * 10 + 1;
  if (clip.channel == "song") return emotion * 10 + 2;
  return emotion * 10;
}

Sides draw_stratified(const Corpus& corpus, const SplitConfig& config) {
  const std::vector<Unit> units = make_units(corpus, config.scheme == "stratified-pairs");
  const bool by_channel = config.by == "emotion-channel";
  std::vector<int> strata;
  for (const Unit& unit : units) {
    strata.push_back(stratum_of(corpus, corpus.clips[unit.front()], by_channel));
  }
  const auto name_of = [&](int stratum) {
    std::string name = corpus.classes[static_cast<std::size_t>(stratum / 10 - 1)];
    if (stratum % 10 == 1) name += " x speech";
    if (stratum % 10 == 2) name += " x song";
    return name;
  };
  const auto take = [&](const std::vector<std::size_t>& drawn, std::vector<std::size_t>& side) {
    for (const std::size_t unit : drawn) std::ranges::copy(units[unit], std::back_inserter(side));
  };

  NumpyRandomState random(config.seed);
  const ShuffleSplit outer = stratified_shuffle_split(
      strata, test_size(config.test_fraction, units.size()), random, name_of);
  Sides sides;
  take(outer.test, sides.test);
  const std::size_t n_validation = test_size(config.validation_fraction, outer.train.size());
  if (n_validation == 0) {
    take(outer.train, sides.train);
    return sides;
  }
  std::vector<int> rest;
  for (const std::size_t unit : outer.train) rest.push_back(strata[unit]);
  NumpyRandomState inner_random(config.seed);
  const ShuffleSplit inner = stratified_shuffle_split(rest, n_validation, inner_random, name_of);
  for (const std::size_t i : inner.train) take({outer.train[i]}, sides.train);
  for (const std::size_t i : inner.test) take({outer.train[i]}, sides.validation);
  return sides;
}

Sides divide_speakers(const Corpus& corpus, const SplitConfig& config) {
  const std::vector<SpeakerFold> folds = speaker_folds(corpus, config.scheme);
  if (config.fold < 0 || static_cast<std::size_t>(config.fold) >= folds.size()) {
    fail(ErrorKind::usage,
         "split.fold {} does not exist: scheme {} has folds 0 to {} on this corpus", config.fold,
         config.scheme, folds.size() - 1);
  }
  const SpeakerFold& fold = folds[static_cast<std::size_t>(config.fold)];
  Sides sides;
  for (std::size_t i = 0; i < corpus.clips.size(); ++i) {
    const std::string& speaker = corpus.clips[i].speaker;
    if (std::ranges::find(fold.test, speaker) != fold.test.end()) {
      sides.test.push_back(i);
    } else if (config.validation_fraction > 0 &&
               std::ranges::find(fold.validation, speaker) != fold.validation.end()) {
      sides.validation.push_back(i);
    } else {
      sides.train.push_back(i);
    }
  }
  return sides;
}

std::vector<std::string> ids_of(const Corpus& corpus, const std::vector<std::size_t>& side) {
  std::vector<std::string> ids;
  ids.reserve(side.size());
  for (const std::size_t i : side) ids.push_back(corpus.clips[i].id);
  return ids;
}

/// Takes clips off the sides whose audio stands on a side that was dealt with before.
class SharedAudio {
 public:
  explicit SharedAudio(const Corpus& corpus) {
    for (const Clip& clip : corpus.clips) audio_of_.emplace(clip.id, &clip.audio_hash);
  }

  void settle(std::vector<std::string>& side, Side name, std::vector<DroppedClip>& dropped) {
    std::erase_if(side, [&](const std::string& id) {
      const auto twin = taken_.find(audio(id));
      if (twin != taken_.end()) dropped.push_back({id, "identical audio to " + twin->second});
      return twin != taken_.end();
    });
    for (const std::string& id : side) {
      if (!audio(id).empty())
        taken_.emplace(audio(id), fmt::format("{} on the {} side", id, side_name(name)));
    }
  }

 private:
  const std::string& audio(const std::string& id) const { return *audio_of_.at(id); }

  std::unordered_map<std::string, const std::string*> audio_of_;
  std::unordered_map<std::string, std::string> taken_;
};

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

int fold_count(const Corpus& corpus, const std::string& scheme) {
  return divides_speakers(scheme) ? static_cast<int>(speaker_folds(corpus, scheme).size()) : 1;
}

Split draw_split(const Corpus& corpus, const SplitConfig& config) {
  if (corpus.clips.empty()) fail(ErrorKind::data, "the corpus has no clips to divide");
  const bool speakers_divide = divides_speakers(config.scheme);
  if (!speakers_divide && config.scheme != "stratified" && config.scheme != "stratified-pairs") {
    fail(
        ErrorKind::usage,
        "split scheme '{}' does not exist; there are stratified, stratified-pairs, luna5, emobox6, "
        "loso, group-kfold",
        config.scheme);
  }
  const Sides sides =
      speakers_divide ? divide_speakers(corpus, config) : draw_stratified(corpus, config);
  Split split;
  split.config = config;
  split.train = ids_of(corpus, sides.train);
  split.validation = ids_of(corpus, sides.validation);
  split.test = ids_of(corpus, sides.test);
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
}

}  // namespace parlando::data
