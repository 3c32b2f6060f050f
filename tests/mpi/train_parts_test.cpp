#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dist/device_communicator.h"
#include "common/dist/gather.h"
#include "common/dist/together.h"
#include "tests/mpi/group.h"
#include "tests/support/standin_backend.h"
#include "train/data/sampler.h"
#include "train/run/gradient_pass.h"
#include "train/run/parameter_check.h"
#include "train/run/training_state.h"

namespace parlando::train {
namespace {

constexpr std::int64_t kFrames = 16, kRows = 12, kClasses = 5;

TrainConfig small_config() {
  TrainConfig config;
  config.model.conv = {{.filters = 3, .kernel = 3, .pool = 2, .dropout = 0.25},
                       {.filters = 4, .kernel = 3, .pool = 2, .dropout = 0.25}};
  config.model.lstm.hidden = 3;
  config.model.head.dropout = 0.25;
  return config;
}

/// A network in float64 with its flat parameters.
struct Network {
  explicit Network(const TrainConfig& config)
      : model(config.model, {kFrames, kRows}, kClasses, config.seed), flat(to_double(model)) {}
  static std::vector<NamedTensor>& to_double(Classifier& model) {
    model.to(at::kDouble, at::kCPU);
    return model.parameters();
  }
  Classifier model;
  FlatParameters flat;
};

/// What rank `rank` of `world` has of a global batch of `size` samples.
StepBatch part_of_batch(std::size_t size, int rank, int world) {
  const Share share = share_of(size, rank, world);
  const bool has_samples = share.size() > 0;
  const auto begin = static_cast<std::int64_t>(has_samples ? share.begin : 0);
  const auto count = static_cast<std::int64_t>(has_samples ? share.size() : 1);
  const auto all = static_cast<std::int64_t>(size);
  const at::Tensor features =
      at::sin(at::arange(all * kFrames * kRows, at::kDouble) * 0.37).view({all, kFrames, kRows});
  StepBatch batch;
  BatchPart& part = batch.parts.emplace_back();
  part.data.features = features.narrow(0, begin, count).contiguous();
  part.data.labels = at::arange(all, at::kLong).remainder(kClasses).narrow(0, begin, count);
  part.data.lengths = at::full({count}, kFrames, at::kLong);
  part.positions.resize(static_cast<std::size_t>(count));
  std::iota(part.positions.begin(), part.positions.end(), begin);
  part.has_samples = has_samples;
  batch.global_size = size;
  return batch;
}

/// Writes down what is asked of another group.
class Recorder : public dist::Communicator {
 public:
  explicit Recorder(dist::Communicator& inner) : inner_(inner) {}
  int rank() const override { return inner_.rank(); }
  int size() const override { return inner_.size(); }
  std::string backend() const override { return inner_.backend(); }
  void all_reduce(dist::Buffer buffer, dist::ReduceOp op) override {
    log_.push_back(fmt::format("all_reduce {}", buffer.count));
    inner_.all_reduce(buffer, op);
  }
  std::unique_ptr<dist::Request> all_reduce_async(dist::Buffer buffer) override {
    log_.push_back(
        fmt::format("all_reduce_async {} of {} bytes", buffer.count, dist::size_of(buffer.type)));
    return inner_.all_reduce_async(buffer);
  }
  void broadcast(dist::Buffer buffer, int root) override {
    log_.push_back(fmt::format("broadcast {}", buffer.count));
    inner_.broadcast(buffer, root);
  }
  void barrier() override { inner_.barrier(); }
  [[noreturn]] void abort(int exit_code) override {
    inner_.abort(exit_code);
    std::abort();
  }
  const std::vector<std::string>& log() const { return log_; }

 private:
  dist::Communicator& inner_;
  std::vector<std::string> log_;
};

/// The calls and the gradients of two passes of the reducer over small buckets.
std::pair<std::vector<std::string>, at::Tensor> reduce_over(dist::Communicator& gradients) {
  const TrainConfig config = small_config();
  Network network(config);
  Recorder recorder(gradients);
  GradientReducer reducer(network.model.parameters(), network.flat, recorder, 512);
  const StepBatch batch = part_of_batch(7, gradients.rank(), gradients.size());
  const BatchPart& part = batch.parts.front();
  for (int pass = 0; pass < 2; ++pass) {
    reducer.start();
    const ForwardContext context{
        .training = true, .positions = part.positions, .has_samples = part.has_samples};
    network.model.forward(part.data.features, context).sum().backward();
    reducer.finish();
  }
  return {recorder.log(), network.flat.gradients().clone()};
}

TEST(GradientReducer, AsksADeviceForWhatItAsksMpiFor) {
  dist::Communicator& host = test::group();
  std::vector<std::string> calls;
  const auto device = dist::make_device_communicator(
      host,
      std::make_unique<test::StandInBackend>(
          host, calls,
          test::StandInOptions{.device = fmt::format("device {}", host.rank()),
                               .polls_until_ready = 2,
                               .polls_until_passed = 9}),
      10);
  const auto [on_host, host_gradients] = reduce_over(host);
  const auto [on_device, device_gradients] = reduce_over(*device);
  EXPECT_GT(on_host.size(), 6u) << "buckets are small enough to be several";
  EXPECT_EQ(on_host, on_device);
  EXPECT_TRUE(at::equal(host_gradients, device_gradients));
  const std::string log = fmt::format("{}", fmt::join(on_host, "\n"));
  for (const std::string& other : dist::gather_texts(host, log)) EXPECT_EQ(other, log);
}

TEST(GradientPass, OverRanksIsThatOfOneRankWithAllSamples) {
  // Sums of a few float64 values in another order.
  constexpr double kTolerance = 1e-12;
  const TrainConfig config = small_config();
  const at::Tensor weights = at::ones({kClasses}, at::kDouble);
  const auto alone = dist::make_single_communicator();
  for (const std::size_t size : {12u, 7u, 2u}) {  // 2 samples leave ranks without any
    Network whole(config), shared(config);
    GradientPass one(config, whole.model, whole.flat, weights, *alone, *alone);
    GradientPass many(config, shared.model, shared.flat, weights, test::group(), test::group());
    const PassSums expected = one.run(part_of_batch(size, 0, 1), 0, nullptr);
    const PassSums sums =
        many.run(part_of_batch(size, test::group().rank(), test::group().size()), 0, nullptr);
    EXPECT_NEAR(sums.loss, expected.loss, kTolerance);
    EXPECT_EQ(sums.correct, expected.correct);
    EXPECT_EQ(sums.samples, static_cast<double>(size));
    const at::Tensor difference = (shared.flat.gradients() - whole.flat.gradients()).abs();
    EXPECT_LT(difference.max().item<double>(), kTolerance) << size;
    EXPECT_GT(whole.flat.gradients().abs().max().item<double>(), 1e-3);
  }
}

TEST(TrainingState, SharesAllThatRankZeroHasWhateverTheOthersDrew) {
  // What each rank begins with: weights, moving statistics, moments and counters of its own.
  const auto make = [](int rank, Classifier& model) {
    TrainConfig config = small_config();
    config.averaging.kind = "ema";
    auto state = std::make_unique<TrainingState>(config, model, 100, test::group().size());
    const at::NoGradGuard guard;
    for (NamedTensor& buffer : model.buffers()) buffer.tensor.add_(0.1 * rank);
    state->flat.gradients().fill_(0.01 * (rank + 1));
    state->optimizer.step(state->flat.values(), state->flat.gradients(), 1, 0.1 * (rank + 1));
    state->keep_best();
    state->epoch = 3 + rank;
    state->loss_sum = 0.3 + rank;
    return state;
  };
  const auto network = [](int rank) {
    TrainConfig config = small_config();
    config.seed += static_cast<std::uint64_t>(rank);
    Classifier model(config.model, {kFrames, kRows}, kClasses, config.seed);
    model.to(at::kDouble, at::kCPU);
    return model;
  };
  const int rank = test::group().rank();
  Classifier own = network(rank), of_root = network(0);
  const auto state = make(rank, own), expected = make(0, of_root);
  ASSERT_EQ(at::equal(state->flat.values(), expected->flat.values()), rank == 0);
  state->share(test::group());
  const Checkpoint found = state->to_checkpoint(), wanted = expected->to_checkpoint();
  ASSERT_EQ(found.tensors.size(), wanted.tensors.size());
  for (std::size_t i = 0; i < found.tensors.size(); ++i) {
    EXPECT_TRUE(at::equal(found.tensors[i].tensor, wanted.tensors[i].tensor))
        << found.tensors[i].name;
  }
  EXPECT_EQ(found.state, wanted.state);
  for (std::size_t i = 0; i < own.buffers().size(); ++i)
    EXPECT_TRUE(at::equal(own.buffers()[i].tensor, of_root.buffers()[i].tensor));
}

TEST(ParameterCheck, NamesTheRankThatDrifted) {
  const TrainConfig config = small_config();
  Network network(config);
  dist::Communicator& host = test::group();
  EXPECT_NO_THROW(check_parameters(network.flat, network.model.buffers(), host, 1, 10));
  if (host.size() == 1) return;
  const int drifting = host.size() - 1;
  if (host.rank() == drifting) {
    double* value = network.flat.values().mutable_data_ptr<double>() + 17;
    *value = std::nextafter(*value, 1e9);
  }
  try {
    check_parameters(network.flat, network.model.buffers(), host, 2, 20);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const dist::AgreedError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::distributed);
    if (host.is_root()) {
      EXPECT_THAT(error.what(), testing::HasSubstr(fmt::format("rank {} drifted: after step 20 of "
                                                               "epoch 2",
                                                               drifting)));
    }
  }
}

TEST(ParameterCheck, SeesMovingStatistics) {
  const TrainConfig config = small_config();
  Network a(config), b(config);
  EXPECT_EQ(hash_of_parameters(a.flat, a.model.buffers()),
            hash_of_parameters(b.flat, b.model.buffers()));
  b.model.buffers()[0].tensor[0] += 1e-9;
  EXPECT_NE(hash_of_parameters(a.flat, a.model.buffers()),
            hash_of_parameters(b.flat, b.model.buffers()));
}

}  // namespace
}  // namespace parlando::train
