#include "train/run/start_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/config.h"
#include "tests/support/scratch_folder.h"
#include "train/checkpoint/checkpoint_store.h"
#include "train/run/model_folder.h"
#include "train/run/training_state.h"

namespace parlando::train {
namespace {

using ::testing::HasSubstr;

constexpr InputShape kShape{16, 6};

TrainConfig config_of(const std::string& model) {
  return parse_config<TrainConfig>("model: " + model, "test");
}

constexpr const char* kNetwork = "{conv: [{filters: 3}], lstm: {hidden: 2}}";

Classifier network(std::uint64_t seed, std::int64_t classes = 4) {
  return Classifier(config_of(kNetwork).model, kShape, classes, seed);
}

const at::Tensor& tensor_of(const Classifier& model, const std::string& name) {
  for (const std::vector<NamedTensor>* group : {&model.parameters(), &model.buffers()}) {
    for (const NamedTensor& entry : *group) {
      if (entry.name == name) return entry.tensor;
    }
  }
  throw std::runtime_error("no tensor " + name);
}

class StartWeights : public testing::Test {
 protected:
  /// A model folder of a network with these moving statistics.
  std::filesystem::path write_model(const Classifier& model) {
    const Normalization normalization{.frames = 16,
                                      .rows = 6,
                                      .mean = std::vector<float>(96, 0.0F),
                                      .deviation = std::vector<float>(96, 1.0F),
                                      .epsilon = 0};
    write_model_folder(folder_ / "run/model",
                       {.name = "m",
                        .classes = {"a", "b", "c", "d"},
                        .recipe = "",
                        .row_names = {},
                        .input = kShape,
                        .model = config_of(kNetwork).model,
                        .normalization = normalization,
                        .data_hash = ""},
                       model);
    return folder_ / "run";
  }

  static std::string refusal(const StartConfig& config, Classifier model) {
    try {
      apply_start(config, model);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return error.what();
    }
    return "";
  }

  test::ScratchFolder folder_;
};

TEST_F(StartWeights, ComeFromAFinishedRunOrItsModelFolder) {
  Classifier source = network(1);
  source.buffers()[0].tensor.fill_(0.5);
  const std::filesystem::path run = write_model(source);
  for (const std::filesystem::path& from : {run, run / "model"}) {
    Classifier model = network(2);
    apply_start({.from = from.string()}, model);
    for (const NamedTensor& entry : source.parameters())
      EXPECT_TRUE(at::equal(entry.tensor, tensor_of(model, entry.name))) << entry.name;
    EXPECT_EQ(tensor_of(model, source.buffers()[0].name).max().item<double>(), 0.5);
  }
}

TEST_F(StartWeights, ComeFromACheckpoint) {
  Classifier source = network(1);
  const TrainConfig config = config_of(kNetwork);
  TrainingState state(config, source, 8, 1);
  dist::Watchdog watchdog{dist::WatchdogOptions{}};
  const RunFence fence(folder_.path(), {.job = "1", .restart = 0, .launch = "1"});
  const CheckpointStore store(folder_ / "checkpoints", CheckpointConfig{}, Json::object(), fence,
                              watchdog);
  store.write(state.to_checkpoint());
  const std::filesystem::path written =
      std::filesystem::directory_iterator(folder_ / "checkpoints")->path();
  Classifier model = network(2);
  apply_start({.from = written.string()}, model);
  for (const NamedTensor& entry : source.parameters())
    EXPECT_TRUE(at::equal(entry.tensor, tensor_of(model, entry.name))) << entry.name;
}

TEST_F(StartWeights, AreLeftOutAndFrozenByName) {
  const Classifier source = network(1);
  const std::filesystem::path run = write_model(source);
  Classifier model = network(2, 7);
  const at::Tensor output = tensor_of(model, "output.weight").clone();
  apply_start({.from = run.string(), .skip = {"output"}, .freeze = {"conv", "norm"}}, model);
  EXPECT_TRUE(at::equal(tensor_of(model, "output.weight"), output));
  EXPECT_TRUE(at::equal(tensor_of(model, "conv1.weight"), tensor_of(source, "conv1.weight")));
  EXPECT_FALSE(tensor_of(model, "conv1.weight").requires_grad());
  EXPECT_TRUE(tensor_of(model, "output.weight").requires_grad());
}

TEST_F(StartWeights, SayWhatDoesNotFit) {
  const std::string run = write_model(network(1)).string();
  EXPECT_THAT(refusal({.from = run}, network(2, 7)),
              HasSubstr("'output.weight' is [4, 4] in " + run + " and [7, 4] in this network"));
  const Classifier deeper(config_of("{conv: [{filters: 3}], lstm: {hidden: 2, layers: 2}}").model,
                          kShape, 4, 1);
  EXPECT_THAT(refusal({.from = run}, deeper), HasSubstr("has no tensor 'lstm2.forward"));
  EXPECT_THAT(refusal({.from = (folder_ / "absent").string()}, network(2)),
              HasSubstr("no finished run, model or checkpoint is there"));
  EXPECT_THAT(refusal({.from = run, .skip = {""}}, network(2)), HasSubstr("nothing to take"));
}

}  // namespace
}  // namespace parlando::train
