#include "common/data/class_weights.h"
#include "common/data/oversample.h"
#include "common/io/json.h"
#include "tests/golden/golden.h"

namespace parlando::golden {
namespace {

/// One division and one product in double: the last bit may differ from NumPy's order of
/// operations.
constexpr double kRelativeTolerance = 1e-15;

std::vector<std::size_t> count_emotions(const Json& stems, const std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> counts(8, 0);
  for (const std::size_t i : chosen) {
    const std::string emotion = stems[i].get<std::string>().substr(6, 2);
    ++counts[std::stoul(emotion) - 1];
  }
  return counts;
}

void expect_weights(const std::vector<double>& weights, const Json& expected) {
  ASSERT_EQ(weights.size(), expected.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto value = expected.at(std::to_string(i + 1)).get<double>();
    EXPECT_NEAR(weights[i], value, value * kRelativeTolerance) << "emotion " << i + 1;
  }
}

class Balance : public GoldenTest {};

TEST_F(Balance, ClassWeightsEqualScikitLearnsBalanced) {
  const Json stems = read_json(path("sklearn/order.json")).at("stems");
  const Json expected = read_json(path("sklearn/class_weight_balanced.json"));
  std::vector<std::size_t> all(stems.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto train = read_json(path("sklearn/tts_emotion_seed42.json"))
                         .at("train")
                         .get<std::vector<std::size_t>>();
  expect_weights(data::balanced_class_weights(count_emotions(stems, all)), expected.at("all"));
  expect_weights(data::balanced_class_weights(count_emotions(stems, train)),
                 expected.at("train_of_tts_emotion_seed42"));
  count_case("sklearn/class_weight_balanced");
}

TEST_F(Balance, OversamplingDrawsWhatImbalancedLearnDraws) {
  const Json stems = read_json(path("sklearn/order.json")).at("stems");
  const auto train = read_json(path("sklearn/tts_emotion_seed42.json"))
                         .at("train")
                         .get<std::vector<std::size_t>>();
  std::vector<int> labels;
  for (const std::size_t i : train)
    labels.push_back(std::stoi(stems[i].get<std::string>().substr(6, 2)));
  const std::string name = "sklearn/ros_seed42_on_train_of_tts_emotion_seed42";
  data::NumpyRandomState random(42);
  EXPECT_EQ(data::random_oversample(labels, random),
            read_json(path(name + ".json")).at("sample_indices").get<std::vector<std::size_t>>());
  count_case(name);
}

}  // namespace
}  // namespace parlando::golden
