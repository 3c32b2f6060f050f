#include "train/run/autocast.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "common/config/config.h"
#include "train/model/classifier.h"

namespace parlando::train {
namespace {

/// All gradients of a step in one vector.
at::Tensor gradients_of(const ModelConfig& config, bool narrow) {
  at::manual_seed(6);
  Classifier model(config, {24, 20}, 5, 7);
  const at::Tensor features = at::randn({6, 24, 20});
  std::vector<std::int64_t> where(6);
  std::iota(where.begin(), where.end(), 0);
  const ForwardContext context{.training = true, .seed = 3, .positions = where};
  at::Tensor logits;
  {
    const Autocast autocast(narrow, at::kCPU);
    logits = model.forward(features, context).to(at::kFloat);
  }
  at::log_softmax(logits, 1).select(1, 2).sum().backward();
  std::vector<at::Tensor> gradients;
  for (const NamedTensor& entry : model.parameters()) {
    EXPECT_EQ(entry.tensor.grad().scalar_type(), at::kFloat) << entry.name;
    gradients.push_back(entry.tensor.grad().flatten());
  }
  return at::cat(gradients);
}

TEST(Autocast, GivesFloat32GradientsThatPointTheSameWay) {
  for (const char* yaml :
       {"conv: [{filters: 8, kernel: 3, pool: 2, dropout: 0.2}]\nlstm: {hidden: 8}",
        "conv_dimensions: 1\nconv: [{filters: 8, kernel: 5, pool: 1}]\n"
        "lstm: {hidden: 8, dropout: 0.3, recurrent_dropout: 0.3}\n"
        "head: {dense: [{units: 6, activation: relu, dropout: 0.5}]}"}) {
    const ModelConfig config = parse_config<ModelConfig>(yaml, "autocast");
    const at::Tensor wide = gradients_of(config, false);
    const at::Tensor narrow = gradients_of(config, true);
    EXPECT_FALSE(at::equal(wide, narrow)) << "bfloat16 rounds";
    // bfloat16 has 8 bits: products are off by up to 2^-9, sums of many by less.
    EXPECT_GT((wide.dot(narrow) / (wide.norm() * narrow.norm())).item<double>(), 0.99) << yaml;
  }
}

}  // namespace
}  // namespace parlando::train
