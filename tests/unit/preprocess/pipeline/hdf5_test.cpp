#include "common/io/hdf5.h"

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/io/chunked_matrix.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kRows = 500;
constexpr std::size_t kColumns = 64;

std::vector<float> ramp() {
  std::vector<float> values(kRows * kColumns);
  std::iota(values.begin(), values.end(), 0.0F);
  return values;
}

std::string sample_image() {
  Hdf5Writer file("sample.h5");
  file.write_floats("features", std::array{ramp()}, kColumns, 100);
  file.write_integers("offsets", std::vector<std::int64_t>{0, 7, 500});
  file.write_strings("clip", std::vector<std::string>{"", "größer", "a"});
  return std::string(file.image());
}

TEST(Hdf5, PartsGiveTheBytesOfTheWhole) {
  const std::vector<float> all = ramp();
  const auto cut = all.begin() + 7 * static_cast<std::ptrdiff_t>(kColumns);
  const std::array parts{std::vector<float>(all.begin(), cut), std::vector<float>(),
                         std::vector<float>(cut, all.end())};
  Hdf5Writer whole("whole.h5");
  Hdf5Writer parted("parted.h5");
  whole.write_floats("features", std::array{all}, kColumns, 100);
  parted.write_floats("features", parts, kColumns, 100);
  EXPECT_EQ(whole.image(), parted.image());
}

TEST(Hdf5, GivesBackWhatWasWritten) {
  const test::ScratchFolder folder;
  test::write_text(folder / "sample.h5", sample_image());
  Hdf5Reader file(folder / "sample.h5");
  EXPECT_EQ(file.read_integers("offsets"), (std::vector<std::int64_t>{0, 7, 500}));
  EXPECT_EQ(file.read_strings("clip"), (std::vector<std::string>{"", "größer", "a"}));
  EXPECT_EQ(file.shape("features"), (std::vector<std::size_t>{kRows, kColumns}));
  EXPECT_EQ(file.open_matrix("features"), std::make_pair(kRows, kColumns));
  std::vector<float> part(3 * kColumns);
  file.read_rows(99, part);  // across the border of two chunks
  EXPECT_EQ(part.front(), 99.0F * kColumns);
  EXPECT_EQ(part.back(), 102.0F * kColumns - 1);
}

TEST(ChunkedMatrix, ReadsWhatTheLibraryReads) {
  const test::ScratchFolder folder;
  test::write_text(folder / "sample.h5", sample_image());
  Hdf5Reader file(folder / "sample.h5");
  file.open_matrix("features");
  const ChunkedMatrix matrix(folder / "sample.h5", file.chunk_map("features"));
  for (const std::size_t first : {0, 1, 99, 100, 250, 499}) {
    for (const std::size_t count : {1, 3, 100, 230, 500}) {
      if (first + count > kRows) continue;
      std::vector<float> expected(count * kColumns);
      std::vector<float> found(count * kColumns);
      file.read_rows(first, expected);
      matrix.read_rows(first, found);
      ASSERT_EQ(found, expected) << first << " " << count;
    }
  }
}

TEST(ChunkedMatrix, AFlippedByteAnywhereInAChunkIsFound) {
  const test::ScratchFolder folder;
  const std::string image = sample_image();
  test::write_text(folder / "sample.h5", image);
  const ChunkMap map = Hdf5Reader(folder / "sample.h5").chunk_map("features");
  ASSERT_EQ(map.offsets.size(), 5U);
  const std::size_t chunk_bytes = 100 * kColumns * sizeof(float) + 4;
  std::vector<float> out(kRows * kColumns);
  for (const std::uint64_t offset : map.offsets) {
    for (std::size_t step = 0; step <= 20; ++step) {  // the last one is in the sum itself
      const std::size_t at = step * (chunk_bytes - 1) / 20;
      std::string damaged = image;
      damaged[offset + at] = static_cast<char>(damaged[offset + at] ^ 16);
      test::write_text(folder / "damaged.h5", damaged);
      const ChunkedMatrix matrix(folder / "damaged.h5", map);
      EXPECT_THROW(matrix.read_rows(0, out), Error) << offset << " + " << at;
    }
  }
}

TEST(ChunkedMatrix, ManyThreadsReadAtOnce) {
  const test::ScratchFolder folder;
  test::write_text(folder / "sample.h5", sample_image());
  const ChunkedMatrix matrix(folder / "sample.h5",
                             Hdf5Reader(folder / "sample.h5").chunk_map("features"));
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      std::vector<float> rows(2 * kColumns);
      for (std::size_t i = 0; i < 200; ++i) {
        const std::size_t first = (i * 37 + t * 61) % (kRows - 1);
        matrix.read_rows(first, rows);
        if (rows[0] != static_cast<float>(first * kColumns)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(ChunkedMatrix, AFileCutShortIsNamed) {
  const test::ScratchFolder folder;
  test::write_text(folder / "sample.h5", sample_image());
  const ChunkMap map = Hdf5Reader(folder / "sample.h5").chunk_map("features");
  std::filesystem::resize_file(folder / "sample.h5", map.offsets.back() + 10);
  const ChunkedMatrix matrix(folder / "sample.h5", map);
  std::vector<float> out(kColumns);
  EXPECT_THAT(test::error_of([&] { matrix.read_rows(kRows - 1, out); }),
              testing::AllOf(StartsWith("4 "), HasSubstr("sample.h5"), HasSubstr("cut short")));
}

TEST(Hdf5, EqualContentGivesEqualBytesAtAnyTime) {
  const std::string first = sample_image();
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // time stamps count seconds
  EXPECT_EQ(first == sample_image(), true);
}

TEST(Hdf5, EqualContentGivesEqualBytes) {
  EXPECT_EQ(sample_image(), sample_image());
}

TEST(Hdf5, AFlippedBitIsFoundOnReadingAndNothingIsPrintedByTheLibrary) {
  const test::ScratchFolder folder;
  test::write_text(folder / "sample.h5", sample_image());
  test::flip_bit(folder / "sample.h5");
  Hdf5Reader file(folder / "sample.h5");
  file.open_matrix("features");
  std::vector<float> all(kRows * kColumns);
  testing::internal::CaptureStderr();
  const std::string error = test::error_of([&] { file.read_rows(0, all); });
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(error, StartsWith("4 " + (folder / "sample.h5").string()));
  EXPECT_THAT(error, HasSubstr("Fletcher32 checksum"));
}

TEST(Hdf5, OtherFilesAreRefusedByName) {
  const test::ScratchFolder folder;
  test::write_text(folder / "text.h5", "no HDF5 at all");
  EXPECT_THAT(test::error_of([&] { Hdf5Reader(folder / "text.h5"); }),
              StartsWith("4 " + (folder / "text.h5").string()));
  EXPECT_THAT(test::error_of([&] { Hdf5Reader(folder / "absent.h5"); }), HasSubstr("absent.h5"));
}

TEST(Hdf5, AMissingOrMistypedColumnIsNamed) {
  const test::ScratchFolder folder;
  test::write_text(folder / "sample.h5", sample_image());
  Hdf5Reader file(folder / "sample.h5");
  EXPECT_THAT(test::error_of([&] { file.read_strings("emotion"); }), HasSubstr("'emotion'"));
  EXPECT_THAT(test::error_of([&] { file.read_strings("offsets"); }), HasSubstr("another type"));
  EXPECT_THAT(test::error_of([&] { file.read_integers("clip"); }), HasSubstr("another type"));
  EXPECT_THAT(test::error_of([&] { file.open_matrix("offsets"); }), HasSubstr("another type"));
}

TEST(Hdf5, ThreadsMayReadOneFile) {
  const test::ScratchFolder folder;
  test::write_text(folder / "sample.h5", sample_image());
  Hdf5Reader file(folder / "sample.h5");
  file.open_matrix("features");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::vector<float> row(kColumns);
      for (std::size_t i = 0; i < kRows; ++i) {
        const std::size_t wanted = (i * 7 + static_cast<std::size_t>(t)) % kRows;
        file.read_rows(wanted, row);
        if (row[5] != static_cast<float>(wanted * kColumns + 5)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace parlando
