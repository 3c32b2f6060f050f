#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/decode.h"
#include "common/core/error.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

using test::little_endian_bytes;
using test::patch_file;
using test::ScratchFolder;
using test::tone;
using test::truncate_file;
using test::write_sound;
using testing::AllOf;
using testing::HasSubstr;

constexpr int kFlac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
constexpr int kWavFloat = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
// Positions in the 44-byte header of the plainest wav file.
constexpr std::streamoff kWavChannels = 22;
constexpr std::streamoff kWavRate = 24;
constexpr std::streamoff kWavDataSize = 40;

class Defect : public testing::Test {
 protected:
  /// The message of the Error(data) that decoding the file ends with.
  std::string reason(const std::string& name, double seconds = 0) {
    try {
      const DecodedAudio audio = decode_audio(folder_ / name, seconds);
      ADD_FAILURE() << name << " was accepted with " << audio.samples << " samples";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
      EXPECT_THAT(error.what(), testing::StartsWith((folder_ / name).string() + ": "));
      return error.what();
    }
    return "";
  }

  ScratchFolder folder_;
};

TEST_F(Defect, MissingFile) {
  EXPECT_THAT(reason("none.wav"), HasSubstr("no such file"));
}

TEST_F(Defect, FolderInsteadOfAFile) {
  std::filesystem::create_directory(folder_ / "clip.wav");
  EXPECT_THAT(reason("clip.wav"), HasSubstr("not a regular file"));
}

TEST_F(Defect, EmptyFile) {
  std::ofstream(folder_ / "clip.wav").close();
  EXPECT_THAT(reason("clip.wav"), HasSubstr("empty file"));
}

TEST_F(Defect, NotAudio) {
  std::ofstream(folder_ / "clip.wav") << "This is a letter, not a song. " << std::string(1000, 'x');
  EXPECT_THAT(reason("clip.wav"), HasSubstr("not readable as audio"));
}

TEST_F(Defect, WavWithoutSamples) {
  write_sound(folder_ / "clip.wav", {});
  EXPECT_THAT(reason("clip.wav"), HasSubstr("no samples"));
}

TEST_F(Defect, WavCutOffInItsHeader) {
  write_sound(folder_ / "clip.wav", tone(440, 24000, 1000));
  truncate_file(folder_ / "clip.wav", 36);
  EXPECT_THAT(reason("clip.wav"), HasSubstr("truncated"));
}

TEST_F(Defect, WavCutOffInItsSamples) {
  write_sound(folder_ / "clip.wav", tone(440, 24000, 1000));
  truncate_file(folder_ / "clip.wav", 44 + 2 * 600);
  EXPECT_THAT(reason("clip.wav"),
              AllOf(HasSubstr("truncated"), HasSubstr("2000"), HasSubstr("1200")));
  EXPECT_THAT(reason("clip.wav", 0.001), HasSubstr("truncated"));
}

TEST_F(Defect, FlacCutOffInItsHeader) {
  write_sound(folder_ / "clip.flac", tone(440, 24000, 1000), {.format = kFlac});
  truncate_file(folder_ / "clip.flac", 20);
  EXPECT_THAT(reason("clip.flac"), HasSubstr("not readable as audio"));
}

TEST_F(Defect, FlacCutOffInItsSamples) {
  write_sound(folder_ / "clip.flac", tone(440, 24000, 60000), {.format = kFlac});
  const auto size = std::filesystem::file_size(folder_ / "clip.flac");
  truncate_file(folder_ / "clip.flac", size / 2);
  EXPECT_THAT(reason("clip.flac"), testing::AnyOf(HasSubstr("truncated"), HasSubstr("damaged")));
}

TEST_F(Defect, FlacWithFlippedBytes) {
  write_sound(folder_ / "clip.flac", tone(440, 24000, 60000), {.format = kFlac});
  const auto size = std::filesystem::file_size(folder_ / "clip.flac");
  patch_file(folder_ / "clip.flac", static_cast<std::streamoff>(size / 2), std::string(64, '\x5A'));
  EXPECT_THAT(reason("clip.flac"), testing::AnyOf(HasSubstr("truncated"), HasSubstr("damaged")));
}

TEST_F(Defect, LengthFieldOfFourGigabytes) {
  write_sound(folder_ / "clip.wav", tone(440, 24000, 1000));
  patch_file(folder_ / "clip.wav", kWavDataSize, little_endian_bytes(0xFFFFFFF0));
  EXPECT_THAT(reason("clip.wav"), HasSubstr("truncated"));
}

TEST_F(Defect, FlacThatPromisesBillionsOfSamples) {
  write_sound(folder_ / "clip.flac", tone(440, 24000, 1000), {.format = kFlac});
  // The 36-bit count of samples ends STREAMINFO's first 18 bytes, which begin at byte 8.
  patch_file(folder_ / "clip.flac", 22, std::string(4, '\xFF'));
  EXPECT_THAT(reason("clip.flac"),
              AllOf(HasSubstr("4294967295"), HasSubstr("decoding gives 1000")));
}

TEST_F(Defect, FlacOfUnknownLengthIsNoDefect) {
  write_sound(folder_ / "clip.flac", tone(440, 24000, 1000), {.format = kFlac});
  // An encoder that writes to a pipe leaves the count of samples at 0.
  patch_file(folder_ / "clip.flac", 22, std::string(4, '\0'));
  EXPECT_EQ(decode_audio(folder_ / "clip.flac").samples, 1000);
  EXPECT_EQ(decode_audio(folder_ / "clip.flac", 0.01).samples, 240);
}

TEST_F(Defect, AbsurdRate) {
  for (const std::uint32_t rate : {1U, 10U, 2000000000U}) {
    write_sound(folder_ / "clip.wav", tone(440, 24000, 1000));
    patch_file(folder_ / "clip.wav", kWavRate, little_endian_bytes(rate));
    EXPECT_THAT(reason("clip.wav"), HasSubstr("sample rate"));
  }
}

TEST_F(Defect, AbsurdChannels) {
  write_sound(folder_ / "clip.wav", std::vector<float>(2000, 0.1F), {.channels = 100});
  EXPECT_THAT(reason("clip.wav"), HasSubstr("100 channels"));
  write_sound(folder_ / "none.wav", tone(440, 24000, 1000));
  patch_file(folder_ / "none.wav", kWavChannels, std::string(2, '\0'));
  EXPECT_THAT(reason("none.wav"), HasSubstr("not readable as audio"));
}

TEST_F(Defect, SamplesThatAreNotFinite) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    auto samples = tone(440, 24000, 1000);
    samples[700] = bad;
    write_sound(folder_ / "clip.wav", samples, {.channels = 2, .format = kWavFloat});
    EXPECT_THAT(reason("clip.wav"), AllOf(HasSubstr("sample 350 is"), HasSubstr("finite")));
  }
}

}  // namespace
}  // namespace parlando::audio
