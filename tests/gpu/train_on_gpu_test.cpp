#include <gtest/gtest.h>

#include "common/io/json.h"
#include "tests/e2e/small_dataset.h"
#include "tests/gpu/device_guard.h"
#include "tests/support/process.h"

namespace parlando {
namespace {

double first_validation_loss(const std::filesystem::path& run) {
  const std::string text = test::read_text(run / "metrics.jsonl");
  return Json::parse(text.substr(0, text.find('\n'))).at("validation_loss").get<double>();
}

TEST(TrainOnGpu, ReachesTheLossOfTheCpu) {
  PARLANDO_NEED_GPU();
  const test::SmallDataset data;
  for (const char* device : {"cpu", "cuda"}) {
    const test::ProcessResult result = test::run_process(
        data.train_command(data.folder() / device, {std::string("device=") + device, "epochs=1"}));
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  // Same batches, masks and initial weights; float32 sums in another order over one epoch.
  EXPECT_NEAR(first_validation_loss(data.folder() / "cpu"),
              first_validation_loss(data.folder() / "cuda"), 1e-2);
}

/// mpirun for two ranks: a device each where there are two, otherwise both on one (one_gpu.sh).
std::vector<std::string> two_ranks() {
  int devices = 0;
  cudaGetDeviceCount(&devices);
  if (devices > 1) return test::mpirun(2);
  return {test::source_path("tests/gpu/one_gpu.sh").string(), "2"};
}

TEST(TrainOnGpu, ReachesTheLossOfOneRankWithTwo) {
  PARLANDO_NEED_GPU();
  const test::SmallDataset data;
  for (const int ranks : {1, 2}) {
    std::vector<std::string> command = ranks == 1 ? std::vector<std::string>{} : two_ranks();
    const std::vector<std::string> train = data.train_command(
        data.folder() / std::to_string(ranks),
        {"device=cuda", "epochs=1", "precision=float64", "distributed.check_every=1"});
    command.insert(command.end(), train.begin(), train.end());
    const test::ProcessResult result = test::run_process(command, test::mpi_options());
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  EXPECT_NEAR(first_validation_loss(data.folder() / "1"),
              first_validation_loss(data.folder() / "2"), 1e-6);
}

TEST(TrainOnGpu, SaysClearlyThatThereIsNoDevice) {
  int devices = 0;
  if (cudaGetDeviceCount(&devices) == cudaSuccess && devices > 0)
    GTEST_SKIP() << "this machine has a CUDA device";
  const test::SmallDataset data;
  const test::ProcessResult result =
      test::run_process(data.train_command(data.folder() / "run", {"device=cuda"}));
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_NE(result.err.find("device=cpu"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace parlando
