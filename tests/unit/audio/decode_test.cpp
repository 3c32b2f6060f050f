#include "common/audio/decode.h"

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

using test::ScratchFolder;
using test::SoundFormat;
using test::tone;
using test::write_sound;

constexpr int kFlac16 = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
constexpr int kFlac24 = SF_FORMAT_FLAC | SF_FORMAT_PCM_24;
constexpr int kWav24 = SF_FORMAT_WAV | SF_FORMAT_PCM_24;
constexpr int kWavFloat = SF_FORMAT_WAV | SF_FORMAT_FLOAT;

/// Samples that 16 bits hold exactly.
std::vector<float> exact_samples(std::size_t n) {
  std::vector<float> samples(n);
  for (std::size_t i = 0; i < n; ++i) {
    samples[i] = static_cast<float>(static_cast<int>((i * 7919) % 65536) - 32768) / 32768.0F;
  }
  return samples;
}

std::vector<float> doubled(const std::vector<float>& mono) {
  std::vector<float> stereo;
  for (const float sample : mono) stereo.insert(stereo.end(), {sample, sample});
  return stereo;
}

class Decode : public testing::TestWithParam<int> {
 protected:
  ScratchFolder folder_;
};

TEST_P(Decode, GivesTheStoredSamples) {
  const auto samples = exact_samples(3000);
  write_sound(folder_ / "clip", samples, {.rate = 24000, .format = GetParam()});
  const DecodedAudio audio = decode_audio(folder_ / "clip");
  EXPECT_EQ(audio.sample_rate, 24000);
  EXPECT_EQ(audio.channels, 1);
  EXPECT_EQ(audio.samples, 3000);
  EXPECT_EQ(audio.interleaved, samples);
}

TEST_P(Decode, ReadsNoMoreThanAskedRoundedDownToSamples) {
  const auto samples = exact_samples(3000);
  write_sound(folder_ / "clip", samples, {.rate = 22050, .format = GetParam()});
  const DecodedAudio audio = decode_audio(folder_ / "clip", 0.0999);  // 2202.8 samples
  EXPECT_EQ(audio.samples, 2202);
  EXPECT_TRUE(std::equal(audio.interleaved.begin(), audio.interleaved.end(), samples.begin()));
  EXPECT_EQ(decode_audio(folder_ / "clip", 100).samples, 3000);
}

TEST_P(Decode, KeepsChannelsInterleaved) {
  const auto samples = exact_samples(2000);
  write_sound(folder_ / "clip", samples, {.rate = 48000, .channels = 2, .format = GetParam()});
  const DecodedAudio audio = decode_audio(folder_ / "clip");
  EXPECT_EQ(audio.channels, 2);
  EXPECT_EQ(audio.samples, 1000);
  EXPECT_EQ(audio.interleaved, samples);
}

INSTANTIATE_TEST_SUITE_P(Formats, Decode,
                         testing::Values(SF_FORMAT_WAV | SF_FORMAT_PCM_16, kWav24, kWavFloat,
                                         kFlac16, kFlac24));

class AudioHash : public testing::Test {
 protected:
  std::string hash(const std::vector<float>& samples, const SoundFormat& format) {
    write_sound(folder_ / "clip", samples, format);
    return audio_hash(decode_audio(folder_ / "clip"));
  }
  ScratchFolder folder_;
};

TEST_F(AudioHash, IsTheSameInAnyContainerAndBitDepth) {
  const auto samples = exact_samples(1000);
  const std::string expected = hash(samples, {});
  EXPECT_EQ(expected.size(), 32U);
  for (const int format : {kFlac16, kFlac24, kWav24, kWavFloat}) {
    EXPECT_EQ(hash(samples, {.format = format}), expected) << format;
  }
}

TEST_F(AudioHash, IsTheSameForIdenticalChannels) {
  const auto samples = exact_samples(1000);
  const std::string mono = hash(samples, {});
  EXPECT_EQ(hash(doubled(samples), {.channels = 2}), mono);
  std::vector<float> triple;
  for (const float sample : samples) triple.insert(triple.end(), 3, sample);
  EXPECT_EQ(hash(triple, {.channels = 3}), mono);
}

TEST_F(AudioHash, ChangesWithOneSampleWithTheRateAndWithTheLength) {
  auto samples = exact_samples(1000);
  const std::string original = hash(samples, {});
  EXPECT_NE(hash(samples, {.rate = 24001}), original);
  samples[500] += 1.0F / 32768;
  EXPECT_NE(hash(samples, {}), original);
  samples = exact_samples(999);
  EXPECT_NE(hash(samples, {}), original);
}

TEST_F(AudioHash, TakesMinusZeroForZero) {
  EXPECT_EQ(hash({0.5F, -0.0F}, {.format = kWavFloat}), hash({0.5F, 0.0F}, {.format = kWavFloat}));
}

}  // namespace
}  // namespace parlando::audio
