#include "common/data/divide.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/folds.h"
#include "common/data/speaker_folds.h"
#include "common/data/stratified.h"

namespace parlando::data {
namespace {

using Indices = std::vector<std::size_t>;

/// What is drawn as one: a clip, or all repetitions of an utterance (indices into the corpus).
using Unit = std::vector<std::size_t>;

std::vector<Unit> make_units(const Corpus& corpus, bool pairs) {
  std::vector<Unit> units;
  std::unordered_map<std::string, std::size_t> unit_of_utterance;
  for (std::size_t i = 0; i < corpus.clips.size(); ++i) {
    const std::string utterance = pairs ? utterance_of(corpus.clips[i]) : "";
    if (utterance.empty()) {
      units.push_back({i});
      continue;
    }
    const auto [entry, first] = unit_of_utterance.emplace(utterance, units.size());
    if (first) units.emplace_back();
    units[entry->second].push_back(i);
  }
  return units;
}

/// The strata of a corpus as integers whose order is scikit-learn's: emotion by emotion; within one
/// speech, song, then other channels by name.
class Strata {
 public:
  Strata(const Corpus& corpus, bool by_channel) : corpus_(corpus), by_channel_(by_channel) {
    if (!by_channel) return;
    for (const Clip& clip : corpus.clips) {
      if (std::ranges::find(channels_, clip.channel) == channels_.end()) {
        channels_.push_back(clip.channel);
      }
    }
    // Clips stand in manifest order, so that channels came in theirs.
  }

  int of(const Clip& clip) const {
    const int emotion = corpus_.class_index(clip.label);
    if (!by_channel_) return emotion;
    const auto channel = std::ranges::find(channels_, clip.channel) - channels_.begin();
    return emotion * static_cast<int>(channels_.size()) + static_cast<int>(channel);
  }

  std::string name(int stratum) const {
    const auto n = by_channel_ ? static_cast<int>(channels_.size()) : 1;
    const std::string& emotion = corpus_.classes[static_cast<std::size_t>(stratum / n)];
    const std::string channel = by_channel_ ? channels_[static_cast<std::size_t>(stratum % n)] : "";
    return channel.empty() ? emotion : emotion + " x " + channel;
  }

 private:
  const Corpus& corpus_;
  bool by_channel_;
  std::vector<std::string> channels_;
};

void require_fold(int fold, std::size_t folds, const std::string& key, const std::string& scheme) {
  if (fold >= 0 && static_cast<std::size_t>(fold) < folds) return;
  fail(ErrorKind::usage, "{} {} does not exist: scheme {} has folds 0 to {} on this corpus", key,
       fold, scheme, folds - 1);
}

/// The schemes that draw clips or utterances.
class Draw {
 public:
  Draw(const Corpus& corpus, const SplitConfig& config)
      : config_(config),
        units_(make_units(corpus, config.scheme.ends_with("-pairs"))),
        strata_(corpus, config.by == "emotion-channel") {
    for (const Unit& unit : units_) labels_.push_back(strata_.of(corpus.clips[unit.front()]));
  }

  DividedClips divide() const {
    DividedClips sides;
    const ShuffleSplit outer = config_.scheme.starts_with("kfold") ? outer_fold() : outer_draw();
    take(outer.test, sides.test);
    const ShuffleSplit inner = divide_training(outer.train);
    for (const std::size_t i : inner.train) take({outer.train[i]}, sides.train);
    for (const std::size_t i : inner.test) take({outer.train[i]}, sides.validation);
    return sides;
  }

 private:
  ShuffleSplit outer_draw() const {
    NumpyRandomState random(config_.seed);
    const std::size_t n_test = test_size(config_.test_fraction, units_.size());
    ShuffleSplit drawn;
    for (int draw = 0; draw <= std::max(config_.fold, 0); ++draw) {
      drawn =
          stratified_shuffle_split(labels_, n_test, random, name(), remedy("split.test_fraction"));
    }
    return drawn;
  }

  ShuffleSplit outer_fold() const {
    require_fold(config_.fold, static_cast<std::size_t>(config_.folds), "split.fold",
                 config_.scheme);
    return one_fold(labels_, config_.folds, config_.fold);
  }

  /// Positions in `train`: those that go on training, and those that validate.
  ShuffleSplit divide_training(const Indices& train) const {
    std::vector<int> rest;
    for (const std::size_t unit : train) rest.push_back(labels_[unit]);
    if (config_.inner_fold) {
      require_fold(*config_.inner_fold, static_cast<std::size_t>(config_.inner_folds),
                   "split.inner_fold", config_.scheme);
      return one_fold(rest, config_.inner_folds, *config_.inner_fold);
    }
    const std::size_t n_validation = test_size(config_.validation_fraction, rest.size());
    if (n_validation > 0) {
      NumpyRandomState random(config_.seed);
      return stratified_shuffle_split(rest, n_validation, random, name(),
                                      remedy("split.validation_fraction"));
    }
    ShuffleSplit all;
    for (std::size_t i = 0; i < rest.size(); ++i) all.train.push_back(i);
    return all;
  }

  ShuffleSplit one_fold(const std::vector<int>& labels, int folds, int chosen) const {
    NumpyRandomState random(config_.seed);
    const Indices fold_of = stratified_kfold(labels, static_cast<std::size_t>(folds),
                                             config_.shuffle ? &random : nullptr);
    ShuffleSplit split;
    for (std::size_t i = 0; i < fold_of.size(); ++i) {
      (fold_of[i] == static_cast<std::size_t>(chosen) ? split.test : split.train).push_back(i);
    }
    return split;
  }

  void take(const Indices& drawn, Indices& side) const {
    for (const std::size_t unit : drawn) std::ranges::copy(units_[unit], std::back_inserter(side));
  }
  std::function<std::string(int)> name() const {
    return [this](int stratum) { return strata_.name(stratum); };
  }

  /// What helps against strata that are too small.
  std::string remedy(const std::string& fraction) const {
    return fmt::format("add clips, or change {}{}", fraction,
                       config_.by == "emotion-channel" ? ", or set split.by to emotion" : "");
  }

  const SplitConfig& config_;
  std::vector<Unit> units_;
  Strata strata_;
  std::vector<int> labels_;
};

DividedClips divide_speakers(const Corpus& corpus, const SplitConfig& config) {
  const SpeakerFold fold = speaker_fold(corpus, config);
  const std::unordered_set<std::string> test(fold.test.begin(), fold.test.end());
  const std::unordered_set<std::string> validation(fold.validation.begin(), fold.validation.end());
  DividedClips sides;
  for (std::size_t i = 0; i < corpus.clips.size(); ++i) {
    const std::string& speaker = corpus.clips[i].speaker;
    if (test.contains(speaker)) {
      sides.test.push_back(i);
    } else if (validation.contains(speaker)) {
      sides.validation.push_back(i);
    } else {
      sides.train.push_back(i);
    }
  }
  return sides;
}

}  // namespace

DividedClips divide_clips(const Corpus& corpus, const SplitConfig& config) {
  if (divides_speakers(config.scheme)) return divide_speakers(corpus, config);
  if (config.scheme == "stratified" || config.scheme == "stratified-pairs" ||
      config.scheme == "kfold" || config.scheme == "kfold-pairs") {
    if (!config.validation_speakers.empty()) {
      fail(ErrorKind::usage, "split.validation_speakers: scheme {} does not divide by speakers",
           config.scheme);
    }
    return Draw(corpus, config).divide();
  }
  fail(ErrorKind::usage,
       "split scheme '{}' does not exist; there are stratified, stratified-pairs, kfold, "
       "kfold-pairs, luna5, emobox6, loso, group-kfold, stratified-group-kfold",
       config.scheme);
}

}  // namespace parlando::data
