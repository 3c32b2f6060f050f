#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "common/data/row_operation.h"
#include "common/data/shard_writer.h"
#include "common/io/atomic_file.h"
#include "common/io/chunked_matrix.h"
#include "common/io/hdf5.h"

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

/// One clip after the other in a scattered order, by the HDF5 library or by pread on the chunks.
template <bool by_library>
void read_clips(benchmark::State& state) {
  constexpr std::size_t kClips = 512;
  Hdf5Writer writer("shard.h5");
  writer.write_floats("features", std::array{std::vector<float>(kClips * kFrames * kRows, -40.0F)},
                      kRows, kFrames);
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("parlando-bench-" + std::to_string(getpid()));
  write_file_atomically(path, writer.image());
  Hdf5Reader file(path);
  file.open_matrix("features");
  const ChunkedMatrix matrix(path, file.chunk_map("features"));
  std::filesystem::remove(path);
  std::vector<float> clip(kFrames * kRows);
  std::size_t i = 0;
  for (auto _ : state) {
    i = (i + 197) % kClips;
    if constexpr (by_library) {
      file.read_rows(i * kFrames, clip);
    } else {
      matrix.read_rows(i * kFrames, clip);
    }
    benchmark::DoNotOptimize(clip.data());
  }
  state.counters["clips/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(read_clips<true>)->Name("read_clips_h5dread")->Unit(benchmark::kMicrosecond);
BENCHMARK(read_clips<false>)->Name("read_clips_pread")->Unit(benchmark::kMicrosecond);

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
