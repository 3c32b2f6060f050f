#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>

#include "common/io/atomic_file.h"
#include "tests/mpi/ranked_runs.h"
#include "tests/support/scratch_folder.h"

namespace parlando {
namespace {

using test::losses_of;

constexpr std::size_t kFirstSteps = 20;
/// Float32 losses near 2 have an ulp of 2e-7; anything real (a sample twice, a mask by rank) is
/// 1e-3 and more from the first step on.
constexpr double kFirstTolerance = 1e-5;
/// Afterwards rounding may grow along the training, however it came in.
constexpr double kTimesOneUlp = 3;
/// Runs with moved weights: how far one gets is a matter of luck.
constexpr unsigned kMovedRuns = 3;

bool is_parameter(const std::string& tensor) {
  return tensor.find(".running_") == std::string::npos;
}

/// Copies a model folder with every float of the tensors chosen changed.
void copy_model(const std::filesystem::path& from, const std::filesystem::path& to,
                const std::function<bool(const std::string&)>& chosen,
                const std::function<float(float)>& change) {
  std::filesystem::create_directories(to);
  std::string file = read_file(from / "model.safetensors");
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), sizeof(length));
  const std::size_t data = sizeof(length) + length;
  std::size_t changed = 0;
  const Json header = Json::parse(file.substr(sizeof(length), length));
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__" || !chosen(name)) continue;
    ASSERT_EQ(entry["dtype"], "F32") << name;
    const std::size_t end = data + entry["data_offsets"][1].get<std::size_t>();
    for (std::size_t at = data + entry["data_offsets"][0].get<std::size_t>(); at < end; at += 4) {
      float value = 0;
      std::memcpy(&value, file.data() + at, sizeof(value));
      value = change(value);
      std::memcpy(file.data() + at, &value, sizeof(value));
      ++changed;
    }
  }
  EXPECT_GT(changed, 0u);
  test::write_text(to / "model.safetensors", file);
}

class Drift : public test::RankedRuns {
 protected:
  /// A model folder with a network as it is before the first step.
  std::filesystem::path untrained() const {
    return train("untrained", 1,
                 {"threads=1", "epochs=1", "optimizer.learning_rate=0", "model.norm.momentum=1"}) /
           "model";
  }
};

TEST_F(Drift, OfRanksInFloat32StaysWithinThatOfOneUlpInTheWeights) {
  const std::filesystem::path start = untrained();
  const std::vector<std::string> options = recipe({"epochs=2"});
  const auto losses = [&](const std::string& name, int ranks, const std::filesystem::path& from) {
    std::vector<std::string> with = options;
    with.push_back("start.from=" + from.string());
    return losses_of(train(name, ranks, with));
  };
  const std::vector<double> plain = losses("plain", 1, start);
  ASSERT_GT(plain.size(), 4 * kFirstSteps);
  std::vector<double> reach(plain.size(), 0);
  for (unsigned draw = 1; draw <= kMovedRuns; ++draw) {
    const std::string name = "moved-" + std::to_string(draw);
    std::mt19937 random(draw);
    copy_model(start, data_.folder() / (name + "-start"), is_parameter, [&](float value) {
      return std::nextafter(value, random() % 2 == 0 ? INFINITY : -INFINITY);
    });
    const std::vector<double> moved = losses(name, 1, data_.folder() / (name + "-start"));
    ASSERT_EQ(moved.size(), plain.size());
    double so_far = 0;  // it crosses the plain run now and then
    for (std::size_t i = 0; i < plain.size(); ++i) {
      so_far = std::max(so_far, std::abs(moved[i] - plain[i]));
      reach[i] = std::max(reach[i], so_far);
    }
  }
  for (const int ranks : {2, 3, 4}) {
    const std::vector<double> found = losses(std::to_string(ranks), ranks, start);
    ASSERT_EQ(found.size(), plain.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
      const double limit = i < kFirstSteps ? kFirstTolerance : kTimesOneUlp * reach[i];
      EXPECT_LE(std::abs(found[i] - plain[i]), limit) << ranks << " ranks, step " << i + 1;
    }
  }
}

/// Each rank finds other weights in a file of the same name, and takes rank 0's.
TEST_F(Drift, OfRanksThatStartFromOtherWeightsIsUndoneByRankZero) {
  const std::filesystem::path own = data_.folder() / "a", other = data_.folder() / "b";
  const auto all = [](const std::string&) { return true; };
  copy_model(untrained(), own / "start", all, [](float value) { return value; });
  copy_model(own / "start", other / "start", all, [](float value) { return 0.5F * value + 0.1F; });
  const auto run = [&](const std::string& name, const std::filesystem::path& second,
                       const std::vector<std::string>& more) {
    std::vector<std::string> options{"epochs=1", "threads=1", "log_steps=true",
                                     "distributed.check_every=1", "start.from=start"};
    options.insert(options.end(), more.begin(), more.end());
    std::vector<std::string> command{"mpirun", "--oversubscribe", "--bind-to", "none", "-np",
                                     "1",      "-wdir",           own.string()};
    const std::vector<std::string> train = data_.train_command(data_.folder() / name, options);
    command.insert(command.end(), train.begin(), train.end());
    command.insert(command.end(), {":", "-np", "1", "-wdir", second.string()});
    return start(name, command, options);
  };
  const auto expect_same = [&](const std::string& name, const std::vector<std::string>& more) {
    const std::filesystem::path same = run(name, own, more);
    const std::filesystem::path different = run(name + "-different", other, more);
    EXPECT_EQ(read_file(different / "steps.jsonl"), read_file(same / "steps.jsonl")) << name;
    EXPECT_TRUE(read_file(different / "model/model.safetensors") ==
                read_file(same / "model/model.safetensors"))
        << name;
  };
  expect_same("plain", {});
  // Micro-shards have networks of their own, with frozen weights and statistics.
  expect_same("shards", {"distributed.micro_shards=4", "start.freeze=[conv, norm]"});
}

}  // namespace
}  // namespace parlando
