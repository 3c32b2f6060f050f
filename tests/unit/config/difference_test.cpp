#include "common/config/difference.h"

#include <map>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parlando {
namespace {

struct Layer {
  int width = 3;
  template <class Visitor>
  void visit(Visitor& v) {
    v.field("width", width, {.help = "of the layer"});
  }
};

struct Recipe {
  double rate = 0.5;
  std::optional<int> seed;
  std::vector<Layer> layers;
  std::map<std::string, double> factors;
  Layer head;
  template <class Visitor>
  void visit(Visitor& v) {
    v.field("rate", rate, {.help = "a rate"});
    v.field("seed", seed, {.help = "may be absent"});
    v.field("layers", layers, {.help = "a list"});
    v.field("factors", factors, {.help = "a map"});
    v.field("head", head, {.help = "nested"});
  }
};

std::vector<std::string> lines(const Recipe& before, const Recipe& after) {
  std::vector<std::string> found;
  for (const ConfigChange& change : config_changes(before, after))
    found.push_back(change.key + ": " + change.before + " -> " + change.after);
  return found;
}

TEST(ConfigChanges, NameEachKeyWithBothValues) {
  Recipe before, after;
  before.layers = after.layers = {{.width = 1}, {.width = 2}};
  EXPECT_THAT(lines(before, after), testing::IsEmpty());
  after.rate = 0.25;
  after.seed = 7;
  after.layers[1].width = 9;
  after.head.width = 4;
  before.factors = {{"a", 1}, {"b", 2}};
  after.factors = {{"b", 2}, {"c", 3}};
  EXPECT_THAT(lines(before, after),
              testing::ElementsAre("rate: 0.5 -> 0.25", "seed: ~ -> 7", "layers.1.width: 2 -> 9",
                                   "factors.c: ~ -> 3", "factors.a: 1 -> ~", "head.width: 3 -> 4"));
}

TEST(ConfigChanges, TakeListsOfOtherLengthAsOneValue) {
  Recipe before, after;
  after.layers = {{.width = 1}, {.width = 2}};
  EXPECT_THAT(lines(before, after), testing::ElementsAre("layers: [] -> [{width: 1}, {width: 2}]"));
}

}  // namespace
}  // namespace parlando
