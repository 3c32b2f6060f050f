#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "common/data/row_operation.h"
#include "common/data/shard_writer.h"

namespace parlando::data {
namespace {

constexpr std::size_t kFrames = 130;
constexpr std::size_t kRows = 128;

/// A shard of 256 clips of mel128, written durably (fsync) into the temporary folder.
void write_shard(benchmark::State& state) {
  const std::vector<float> features(kFrames * kRows, -40.0F);
  ShardWriter writer(kRows);
  for (int i = 0; i < 256; ++i) {
    DatasetRow row;
    row.clip = row.source = "clip-" + std::to_string(i);
    row.frames = kFrames;
    writer.add(row, features);
  }
  std::string name = (std::filesystem::temp_directory_path() / "parlando-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make the folder " + name);
  std::int64_t bytes = 0;
  for (auto _ : state) bytes += writer.write(std::filesystem::path(name) / "shard.h5").bytes;
  std::filesystem::remove_all(name);
  state.SetBytesProcessed(bytes);
}
BENCHMARK(write_shard)->Unit(benchmark::kMillisecond);

/// What the loader does to a variant of one clip.
void apply_noise(benchmark::State& state) {
  std::vector<float> features(kFrames * kRows);
  const RowOperation noise{.op = "noise", .seed = 7, .std = 0.01};
  for (auto _ : state) {
    apply_row_operation(noise, features, kRows);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(apply_noise)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parlando::data
