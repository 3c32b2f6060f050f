#include "common/data/speaker_folds.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/folds.h"

namespace parlando::data {
namespace {

using Folds = std::vector<std::vector<std::string>>;

constexpr int kActors = 24;
/// Sang no song, so that a corpus of songs lacks this one.
constexpr const char* kSpeechOnlyActor = "18";

const Folds& luna_test() {
  static const Folds folds{{"02", "05", "14", "15", "16"},
                           {"03", "06", "07", "13", "18"},
                           {"10", "11", "12", "19", "20"},
                           {"08", "17", "21", "23", "24"},
                           {"01", "04", "09", "22"}};
  return folds;
}

const Folds& luna_validation() {
  static const Folds folds{{"03", "06"}, {"10", "11"}, {"08", "17"}, {"01", "14"}, {"02", "05"}};
  return folds;
}

const Folds& emobox_test() {
  static const Folds folds{{"01", "11", "20", "21"}, {"04", "10", "12", "14"},
                           {"08", "09", "19", "23"}, {"03", "05", "07", "24"},
                           {"02", "15", "16", "18"}, {"06", "13", "17", "22"}};
  return folds;
}

/// Published folds name RAVDESS' actors: with others they would mean nothing.
void require_ravdess_actors(const std::vector<std::string>& present, const std::string& scheme) {
  std::set<std::string> expected;
  for (int actor = 1; actor <= kActors; ++actor) expected.insert(fmt::format("{:02}", actor));
  std::vector<std::string> wrong;
  for (const std::string& speaker : present) {
    if (expected.erase(speaker) == 0) wrong.push_back(speaker);
  }
  expected.erase(kSpeechOnlyActor);
  if (wrong.empty() && expected.empty()) return;
  const bool foreign = !wrong.empty();
  if (!foreign) wrong.assign(expected.begin(), expected.end());
  const std::size_t total = wrong.size();
  if (total > 5) wrong.resize(5);
  fail(ErrorKind::data,
       "split scheme {} is made of RAVDESS' actors 01 to 24, but the corpus {} {} speaker(s): "
       "{}{}; use "
       "group-kfold or loso",
       scheme, foreign ? "has other speakers," : "lacks", total, join_text(wrong, ", "),
       total > wrong.size() ? ", ..." : "");
}

Folds round_robin(const std::vector<std::string>& names, std::size_t count) {
  Folds folds(count);
  for (std::size_t i = 0; i < names.size(); ++i) folds[i % count].push_back(names[i]);
  return folds;
}

/// Folds by scikit-learn's StratifiedGroupKFold over the clips of `names`.
Folds stratified_groups(const Corpus& corpus, const std::vector<std::string>& names,
                        std::size_t count, const SplitConfig& config) {
  std::unordered_map<std::string, std::size_t> index;
  for (const std::string& name : names) index.emplace(name, index.size());
  std::vector<int> labels;
  std::vector<std::size_t> groups;
  for (const Clip& clip : corpus.clips) {
    const auto group = index.find(clip.speaker);
    if (group == index.end()) continue;
    labels.push_back(corpus.class_index(clip.label));
    groups.push_back(group->second);
  }
  NumpyRandomState random(config.seed);
  const std::vector<std::size_t> fold_of = stratified_group_kfold(
      labels, groups, names.size(), count, config.shuffle ? &random : nullptr);
  Folds folds(count);
  for (std::size_t i = 0; i < names.size(); ++i) folds[fold_of[i]].push_back(names[i]);
  return folds;
}

void require_speakers(const Corpus& corpus, const std::string& scheme) {
  const auto nameless = std::ranges::find_if(corpus.clips, &std::string::empty, &Clip::speaker);
  if (nameless == corpus.clips.end()) return;
  fail(ErrorKind::data, "split scheme {} needs the speaker of every clip; clip {} has none", scheme,
       nameless->id);
}

void require_count(const std::vector<std::string>& names, std::size_t needed,
                   const std::string& scheme) {
  if (names.size() >= needed) return;
  fail(ErrorKind::data, "split scheme {} needs at least {} speakers, the corpus has {}", scheme,
       needed, names.size());
}

std::size_t checked_fold(const char* key, int fold, const Folds& folds, const std::string& scheme) {
  if (fold >= 0 && static_cast<std::size_t>(fold) < folds.size()) {
    return static_cast<std::size_t>(fold);
  }
  fail(ErrorKind::usage, "split.{} {} does not exist: scheme {} has folds 0 to {} on this corpus",
       key, fold, scheme, folds.size() - 1);
}

std::vector<std::string> named_validation(const std::vector<std::string>& all,
                                          const std::vector<std::string>& test,
                                          const SplitConfig& config) {
  for (const std::string& name : config.validation_speakers) {
    if (std::ranges::find(all, name) == all.end()) {
      fail(ErrorKind::usage, "split.validation_speakers: the corpus has no speaker '{}'", name);
    }
    if (std::ranges::find(test, name) != test.end()) {
      fail(ErrorKind::usage, "split.validation_speakers: speaker '{}' tests in fold {}", name,
           config.fold);
    }
  }
  return config.validation_speakers;
}

std::vector<std::string> inner_validation(const Corpus& corpus, const std::vector<std::string>& all,
                                          const std::vector<std::string>& test,
                                          const SplitConfig& config) {
  std::vector<std::string> rest;
  for (const std::string& name : all) {
    if (std::ranges::find(test, name) == test.end()) rest.push_back(name);
  }
  const std::size_t count =
      config.scheme == "loso" ? rest.size() : static_cast<std::size_t>(config.inner_folds);
  require_count(rest, count, config.scheme + " (inner folds)");
  const Folds folds = config.scheme == "stratified-group-kfold"
                          ? stratified_groups(corpus, rest, count, config)
                          : round_robin(rest, count);
  return folds[checked_fold("inner_fold", config.inner_fold.value_or(0), folds, config.scheme)];
}

}  // namespace

bool divides_speakers(const std::string& scheme) {
  return scheme == "luna5" || scheme == "emobox6" || scheme == "loso" || scheme == "group-kfold" ||
         scheme == "stratified-group-kfold";
}

std::vector<std::vector<std::string>> speaker_folds(const Corpus& corpus,
                                                    const SplitConfig& config) {
  const std::vector<std::string> names = speakers(corpus);
  require_speakers(corpus, config.scheme);
  if (config.scheme == "luna5" || config.scheme == "emobox6") {
    require_ravdess_actors(names, config.scheme);
    return config.scheme == "luna5" ? luna_test() : emobox_test();
  }
  if (config.scheme == "loso") {
    constexpr std::size_t kOneForEachSide = 3;
    require_count(names, kOneForEachSide, config.scheme);
    return round_robin(names, names.size());
  }
  const auto count = static_cast<std::size_t>(config.folds);
  require_count(names, count, config.scheme);
  return config.scheme == "group-kfold" ? round_robin(names, count)
                                        : stratified_groups(corpus, names, count, config);
}

SpeakerFold speaker_fold(const Corpus& corpus, const SplitConfig& config) {
  const Folds folds = speaker_folds(corpus, config);
  const std::size_t chosen = checked_fold("fold", config.fold, folds, config.scheme);
  SpeakerFold fold;
  fold.test = folds[chosen];
  if (!config.validation_speakers.empty()) {
    fold.validation = named_validation(speakers(corpus), fold.test, config);
  } else if (config.inner_fold) {
    fold.validation = inner_validation(corpus, speakers(corpus), fold.test, config);
  } else if (config.validation_fraction > 0) {
    const bool published = config.scheme == "luna5" && config.validation_from == "published";
    fold.validation = published ? luna_validation()[chosen] : folds[(chosen + 1) % folds.size()];
  }
  return fold;
}

}  // namespace parlando::data
