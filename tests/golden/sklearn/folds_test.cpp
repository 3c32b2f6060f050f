#include "common/data/folds.h"

#include <set>

#include "common/data/ravdess.h"
#include "common/data/split.h"
#include "common/io/json.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

using data::Corpus;
using data::SplitConfig;

/// The corpus that the golden indices count: names alone, in the golden order.
Corpus golden_corpus() {
  Corpus corpus;
  corpus.classes = data::ravdess_classes();
  const Json order = read_json(path("sklearn/order.json"));
  for (const Json& stem : order.at("stems")) {
    corpus.clips.push_back(data::parse_ravdess_name(stem.get<std::string>()));
  }
  return corpus;
}

class Folds : public GoldenTest {};

TEST_F(Folds, KfoldTestsTheClipsOfScikitLearnsStratifiedKFold) {
  const Corpus corpus = golden_corpus();
  const Json expected = read_json(path("sklearn/skf5_shuffle_seed42.json"));
  SplitConfig config;
  config.scheme = "kfold";
  config.by = "emotion";
  for (config.fold = 0; config.fold < 5; ++config.fold) {
    std::vector<std::string> ids;
    for (const Json& i : expected.at(static_cast<std::size_t>(config.fold))) {
      ids.push_back(corpus.clips[i.get<std::size_t>()].id);
    }
    EXPECT_EQ(make_split(corpus, config).test, ids) << "fold " << config.fold;
  }
  count_case("sklearn/skf5_shuffle_seed42");
}

TEST_F(Folds, DrawsOfStratifiedAreThoseOfOneStratifiedShuffleSplit) {
  const Corpus corpus = golden_corpus();
  const Json expected = read_json(path("sklearn/sss5_emotion_seed42.json"));
  SplitConfig config;
  config.by = "emotion";
  config.validation_fraction = 0;
  for (config.fold = 0; config.fold < 5; ++config.fold) {
    const Json& draw = expected.at(static_cast<std::size_t>(config.fold));
    const data::Split split = make_split(corpus, config);
    std::vector<std::string> ids;
    for (const Json& i : draw.at("test")) ids.push_back(corpus.clips[i.get<std::size_t>()].id);
    EXPECT_EQ(split.test, ids) << "draw " << config.fold;
    ids.clear();
    for (const Json& i : draw.at("train")) ids.push_back(corpus.clips[i.get<std::size_t>()].id);
    EXPECT_EQ(split.train, ids) << "draw " << config.fold;
  }
}

void expect_test_actors(const char* key, bool shuffle) {
  const Corpus corpus = golden_corpus();
  const Json expected = read_json(path("sklearn/sgkf5_by_actor.json")).at(key);
  SplitConfig config;
  config.scheme = "stratified-group-kfold";
  config.shuffle = shuffle;
  for (config.fold = 0; config.fold < 5; ++config.fold) {
    const data::Split split = make_split(corpus, config);
    const std::set<std::string> test(split.test.begin(), split.test.end());
    std::set<int> actors;
    for (const data::Clip& clip : corpus.clips) {
      if (test.contains(clip.id)) actors.insert(std::stoi(clip.speaker));
    }
    EXPECT_EQ(actors, expected.at(static_cast<std::size_t>(config.fold)).get<std::set<int>>())
        << key << " fold " << config.fold;
  }
  count_case(std::string("sklearn/sgkf5_by_actor/") + key);
}

TEST_F(Folds, StratifiedGroupKfoldTestsScikitLearnsActors) {
  expect_test_actors("no_shuffle_test_actors", false);
}

TEST_F(Folds, StratifiedGroupKfoldShuffledTestsScikitLearnsActors) {
  expect_test_actors("shuffle_seed42_test_actors", true);
}

}  // namespace
}  // namespace parlando::golden
