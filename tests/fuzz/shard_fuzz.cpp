#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/core/random.h"
#include "common/data/dataset_manifest.h"
#include "common/data/shard_columns.h"
#include "common/data/shard_reader.h"
#include "common/io/atomic_file.h"
#include "common/io/hdf5.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/sample_shard.h"

using namespace parlando;

namespace {

void read_all(const data::Dataset& dataset) {
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const data::DatasetRow& row = dataset.rows()[i];
    std::vector<float> features(static_cast<std::size_t>(row.frames) * dataset.feature_rows());
    dataset.read(i, features);
  }
}

/// A finished dataset whose only shard can be replaced.
class SampleDataset {
 public:
  SampleDataset() {
    entry_ = fuzz::write_sample_shard(shard_);
    pristine_ = read_file(shard_);
    data::write_manifest(folder_.path(), fuzz::sample_manifest(entry_));
    read_all(data::Dataset(folder_.path()));
  }

  /// The shard with its first bytes replaced: damage that keeps the size.
  void open_damaged(std::string_view bytes) {
    std::string image = pristine_;
    std::copy_n(bytes.begin(), std::min(bytes.size(), image.size()), image.begin());
    fuzz::write_input(shard_, image);
    bool accepted = false;
    fuzz::may_refuse([&] {
      read_all(data::Dataset(folder_.path()));
      accepted = true;
    });
    fuzz::require(accepted == (image == pristine_), "a damaged shard was read, or a whole one not");
  }

  /// A well-formed HDF5 file whose arrays contradict each other or its manifest entry. Its arrays
  /// are one of 256 draws, since writing HDF5 takes longer than all else.
  void open_contradictory(fuzz::Bytes in) {
    const Contradiction& sample = contradiction(in.byte());
    data::ShardEntry entry = sample.entry;
    const std::size_t feature_rows = odd(in) ? in.byte() : kFeatureRows;
    if (odd(in)) entry.rows = in.integer();
    if (odd(in)) entry.frames = in.integer();
    if (odd(in)) entry.bytes = in.integer();
    fuzz::may_refuse([&] {
      const data::ShardReader shard(sample.path, entry, feature_rows);
      fuzz::require(static_cast<std::int64_t>(shard.rows().size()) == entry.rows,
                    "a shard was accepted with another number of rows");
      for (std::size_t i = 0; i < shard.rows().size(); ++i) {
        const std::int64_t frames = shard.offsets()[i + 1] - shard.offsets()[i];
        fuzz::require(frames == shard.rows()[i].frames, "frames and offsets differ");
        std::vector<float> features(static_cast<std::size_t>(frames) * feature_rows);
        shard.read(shard.offsets()[i], features);
      }
    });
  }

 private:
  static constexpr std::size_t kFeatureRows = 2;
  struct Contradiction {
    std::filesystem::path path;
    data::ShardEntry entry;
  };

  const Contradiction& contradiction(std::uint8_t draw) {
    Contradiction& sample = contradictions_[draw];
    if (!sample.path.empty()) return sample;
    RandomStream random(draw, "fuzz-shard");
    std::vector<std::uint8_t> bytes(1000);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next() >> 24);
    fuzz::Bytes in(bytes);
    sample.entry.rows = in.byte() % 6;
    sample.entry.frames = in.byte() % 9;
    const std::string image = contradictory_image(in, sample.entry);
    sample.entry.bytes = static_cast<std::int64_t>(image.size());
    sample.path = folder_.path() / fmt::format("arrays-{}.h5", draw);
    fuzz::write_input(sample.path, image);
    return sample;
  }

  /// True for one value of a byte in sixteen: most structures should be sound.
  static bool odd(fuzz::Bytes& in) { return in.byte() % 16 == 15; }

  static std::size_t length(fuzz::Bytes& in, std::int64_t expected) {
    if (odd(in) || expected < 1 || expected > 16) return 1 + in.byte() % 16;
    return static_cast<std::size_t>(expected);
  }

  static std::string contradictory_image(fuzz::Bytes& in, const data::ShardEntry& entry) {
    Hdf5Writer writer("fuzz");
    const std::array features{std::vector<float>(length(in, entry.frames) * kFeatureRows, 1.0F)};
    if (!odd(in)) writer.write_floats(data::kFeatures, features, kFeatureRows, 4);
    const std::int64_t rows = entry.rows > 16 || entry.rows < 0 ? 4 : entry.rows;
    std::vector<std::int64_t> offsets(length(in, rows + 1));
    for (std::int64_t& offset : offsets) offset = odd(in) ? in.integer() : in.byte() % 9;
    if (!odd(in)) {
      std::ranges::sort(offsets);
      offsets.front() = 0;
      offsets.back() = entry.frames;
    }
    write_integers(in, writer, data::kOffsets, offsets);
    std::vector<std::int64_t> emotions(length(in, rows));
    for (std::int64_t& emotion : emotions) emotion = odd(in) ? in.integer() : in.byte() % 3;
    write_integers(in, writer, data::kEmotion, emotions);
    for (const data::TextColumn& column : data::kTextColumns) {
      std::vector<std::string> texts(length(in, rows));
      for (std::string& text : texts) text = in.text(5);
      if (!odd(in)) writer.write_strings(column.name, texts);
    }
    return std::string(writer.image());
  }

  static void write_integers(fuzz::Bytes& in, Hdf5Writer& writer, const char* name,
                             const std::vector<std::int64_t>& values) {
    if (!odd(in)) return writer.write_integers(name, values);
    if (!odd(in)) writer.write_strings(name, {{"not", "numbers"}});
  }

  fuzz::ScratchFolder folder_;
  std::filesystem::path shard_ = folder_.path() / data::shard_file_name(0);
  data::ShardEntry entry_;
  std::string pristine_;
  std::array<Contradiction, 256> contradictions_;
};

}  // namespace

/// With 'd' in front, the rest overwrites the beginning of a sound shard of a dataset; with 'c', it
/// chooses a well-formed file with contradictory arrays and what the manifest says of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static SampleDataset dataset;
  if (size == 0) return 0;
  if (data[0] == 'd') dataset.open_damaged(fuzz::as_text({data + 1, size - 1}));
  if (data[0] == 'c') dataset.open_contradictory(fuzz::Bytes({data + 1, size - 1}));
  return 0;
}
