#include <gtest/gtest.h>

#include "train/optim/flat_parameters.h"
#include "train/optim/gradient_reducer.h"

namespace parlando::train {
namespace {

std::vector<NamedTensor> three_parameters() {
  std::vector<NamedTensor> parameters;
  for (const std::int64_t n : {4, 3, 5}) {
    parameters.push_back(
        {"p" + std::to_string(n), at::arange(n, at::kFloat).set_requires_grad(true)});
  }
  return parameters;
}

TEST(FlatParameters, MakesTensorsViewsThatKeepTheirValues) {
  std::vector<NamedTensor> parameters = three_parameters();
  FlatParameters flat(parameters);
  EXPECT_EQ(flat.size(), 12);
  EXPECT_EQ(flat.offset(2), 7);
  EXPECT_EQ(flat.values()[8].item<float>(), 1);
  flat.values().fill_(9);
  EXPECT_EQ(parameters[1].tensor[0].item<float>(), 9);
  (parameters[0].tensor.sum() * 2).backward();
  EXPECT_EQ(flat.gradients().narrow(0, 0, 4).sum().item<float>(), 8);
}

/// Records what a reducer sends, in order.
class RecordingCommunicator : public dist::Communicator {
 public:
  struct Done : dist::Request {
    bool test() override { return true; }
    void wait() override {}
  };
  int rank() const override { return 0; }
  int size() const override { return 2; }
  std::string backend() const override { return "recording"; }
  void all_reduce(dist::Buffer, dist::ReduceOp) override {}
  std::unique_ptr<dist::Request> all_reduce_async(dist::Buffer buffer) override {
    sent.emplace_back(static_cast<float*>(buffer.data), buffer.count);
    for (std::size_t i = 0; i < buffer.count; ++i) static_cast<float*>(buffer.data)[i] *= 2;
    return std::make_unique<Done>();
  }
  void broadcast(dist::Buffer, int) override {}
  void barrier() override {}
  [[noreturn]] void abort(int) override { throw std::runtime_error("abort"); }

  std::vector<std::pair<float*, std::size_t>> sent;
};

TEST(GradientReducer, SendsEveryGradientOnceLastParametersFirst) {
  std::vector<NamedTensor> parameters = three_parameters();
  FlatParameters flat(parameters);
  RecordingCommunicator communicator;
  GradientReducer reducer(parameters, flat, communicator, 8 * sizeof(float));
  ASSERT_EQ(reducer.bucket_count(), 2u);
  for (int round = 0; round < 2; ++round) {
    communicator.sent.clear();
    reducer.start();
    (parameters[0].tensor.sum() + parameters[1].tensor.sum() * 3 + parameters[2].tensor.sum() * 5)
        .backward();
    reducer.finish();
    ASSERT_EQ(communicator.sent.size(), 2u);
    EXPECT_EQ(communicator.sent[0].second, 8u);  // parameters 2 and 1
    EXPECT_EQ(communicator.sent[1].second, 4u);
    EXPECT_EQ(communicator.sent[1].first, flat.gradients().data_ptr<float>());
    // The stand-in doubles what it is given: each gradient went through it exactly once.
    EXPECT_EQ(parameters[0].tensor.grad()[0].item<float>(), 2);
    EXPECT_EQ(parameters[1].tensor.grad()[0].item<float>(), 6);
    EXPECT_EQ(parameters[2].tensor.grad()[0].item<float>(), 10);
  }
}

}  // namespace
}  // namespace parlando::train
