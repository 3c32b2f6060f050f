#include "common/data/speaker_folds.h"

#include <algorithm>
#include <set>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::data {
namespace {

using Folds = std::vector<std::vector<std::string>>;

constexpr std::size_t kGroupFolds = 5;
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

}  // namespace

bool divides_speakers(const std::string& scheme) {
  return scheme == "luna5" || scheme == "emobox6" || scheme == "loso" || scheme == "group-kfold";
}

std::vector<SpeakerFold> speaker_folds(const Corpus& corpus, const std::string& scheme) {
  const std::vector<std::string> names = speakers(corpus);
  const auto nameless = std::ranges::find_if(corpus.clips, &std::string::empty, &Clip::speaker);
  if (nameless != corpus.clips.end()) {
    fail(ErrorKind::data, "split scheme {} needs the speaker of every clip; clip {} has none",
         scheme, nameless->id);
  }
  Folds test;
  if (scheme == "luna5" || scheme == "emobox6") {
    require_ravdess_actors(names, scheme);
    test = scheme == "luna5" ? luna_test() : emobox_test();
  } else {
    const bool loso = scheme == "loso";
    const std::size_t needed = loso ? 3 : kGroupFolds;
    if (names.size() < needed) {
      fail(ErrorKind::data, "split scheme {} needs at least {} speakers, the corpus has {}", scheme,
           needed, names.size());
    }
    test = round_robin(names, loso ? names.size() : kGroupFolds);
  }
  std::vector<SpeakerFold> folds(test.size());
  for (std::size_t i = 0; i < test.size(); ++i) {
    folds[i].validation = scheme == "luna5" ? luna_validation()[i] : test[(i + 1) % test.size()];
    folds[i].test = test[i];
  }
  return folds;
}

}  // namespace parlando::data
