#include "common/audio/augment/waveform_augmenter.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audio/augment/draw.h"
#include "common/audio/augment/noise.h"
#include "common/audio/augment/sound_folder.h"
#include "common/audio/mono.h"
#include "common/core/error.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/audio/sound_file.h"

namespace parlando::audio {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kRate = 16000;
constexpr int kDraws = 5;

class WaveformAugmenterTest : public testing::Test {
 protected:
  /// The waveform after the operation with the parameters of draw number `i`.
  std::vector<float> changed(const std::string& op, int i, std::vector<float> waveform,
                             const WaveformOptions& options = {}) {
    RandomStream stream(7, op, 0, static_cast<std::uint32_t>(i));
    augmenter_.apply(draw_operation(op, options, files_, stream), waveform);
    return waveform;
  }

  test::ScratchFolder folder_;
  std::vector<std::string> files_;
  SoundCache sounds_{kRate};
  WaveformAugmenter augmenter_{kRate, sounds_};
};

TEST_F(WaveformAugmenterTest, MakesFiniteSamplesWithinTheirBoundOfAnyWaveform) {
  std::vector<std::vector<float>> waveforms{std::vector<float>(5000, 0.0F),
                                            test::tone(300, kRate, 5000, 1.0)};
  for (const std::size_t samples : {0U, 1U, 2U, 3U, 100U}) {
    waveforms.push_back(test::tone(300, kRate, samples));
  }
  for (const std::string& op : waveform_operations()) {
    for (const std::vector<float>& waveform : waveforms) {
      SCOPED_TRACE(op + " of " + std::to_string(waveform.size()));
      for (int i = 0; i < kDraws; ++i) {
        const std::vector<float> result = changed(op, i, waveform);
        EXPECT_TRUE(all_finite(result));
        EXPECT_LE(static_cast<std::int64_t>(result.size()),
                  longest_result(op, {}, static_cast<std::int64_t>(waveform.size())));
        if (mean_power(waveform) == 0) {
          EXPECT_EQ(mean_power(result), 0);
        }
      }
    }
  }
}

TEST_F(WaveformAugmenterTest, ChangesEveryWaveformTheSameWayAgain) {
  const std::vector<float> waveform = test::tone(300, kRate, 8000);
  for (const std::string& op : waveform_operations()) {
    SCOPED_TRACE(op);
    const std::vector<float> first = changed(op, 0, waveform);
    EXPECT_NE(first, waveform);
    if (op != "telephone") {
      EXPECT_NE(changed(op, 1, waveform), first);
    }
    EXPECT_EQ(changed(op, 0, waveform), first);
  }
}

TEST_F(WaveformAugmenterTest, LastsAsLongAsTheFactorSays) {
  WaveformOptions options;
  for (const double factor : {0.5, 0.9, 1.0, 1.1, 1.7}) {
    options.factor = {factor, factor};
    for (const std::string op : {"speed", "time_stretch"}) {
      const auto result = changed(op, 0, test::tone(300, kRate, 8001), options);
      EXPECT_NEAR(static_cast<double>(result.size()), 8001 / factor, 1) << op << " " << factor;
      EXPECT_LE(static_cast<std::int64_t>(result.size()), longest_result(op, options, 8001));
    }
  }
}

TEST_F(WaveformAugmenterTest, TakesNoiseFromAFolder) {
  std::filesystem::create_directory(folder_ / "deep");
  test::write_sound(folder_ / "b.wav", test::tone(3000, 8000, 8000), {.rate = 8000});
  test::write_sound(folder_ / "deep/a.wav", test::tone(1000, 48000, 4800),
                    {.rate = 48000, .channels = 2});
  test::write_text(folder_ / "readme.txt", "not a sound");
  files_ = list_sounds(folder_.path());
  EXPECT_EQ(files_, (std::vector<std::string>{folder_ / "b.wav", folder_ / "deep/a.wav"}));
  WaveformOptions options;
  options.color = "folder";
  const std::vector<float> waveform = test::tone(300, kRate, 8000);
  std::set<std::vector<float>> results;
  for (int i = 0; i < kDraws; ++i) {
    results.insert(changed("waveform_noise", i, waveform, options));
    EXPECT_TRUE(all_finite(*results.rbegin()));
  }
  EXPECT_EQ(results.size(), static_cast<std::size_t>(kDraws)) << "files and places differ";
}

TEST_F(WaveformAugmenterTest, PutsIntoRoomsOfAFolder) {
  std::vector<float> response(2000, 0.0F);
  response[100] = 0.5F;  // a delay that is dropped
  test::write_sound(folder_ / "room.wav", response, {.rate = static_cast<int>(kRate)});
  files_ = list_sounds(folder_.path());
  WaveformOptions options;
  options.folder = folder_.path();
  const std::vector<float> waveform = test::tone(300, kRate, 8000);
  const std::vector<float> result = changed("rir", 0, waveform, options);
  for (std::size_t i = 0; i < waveform.size(); ++i) ASSERT_NEAR(result[i], waveform[i], 1e-6);
}

std::string error_of(const auto& work) {
  try {
    work();
  } catch (const Error& error) {
    return std::to_string(error.exit_code()) + " " + error.what();
  }
  return "";
}

TEST_F(WaveformAugmenterTest, NamesASoundThatCannotBeUsed) {
  test::write_text(folder_ / "broken.wav", "not a sound");
  test::write_sound(folder_ / "silent.wav", std::vector<float>(100, 0.0F));
  std::vector<float> waveform(100, 0.5F);
  const auto apply = [&](const char* file) {
    return error_of([&] {
      augmenter_.apply(Json{{"op", "rir"}, {"file", (folder_ / file).string()}}, waveform);
    });
  };
  EXPECT_THAT(apply("broken.wav"), testing::AllOf(testing::StartsWith("2 "),
                                                  HasSubstr("broken.wav: not readable as audio")));
  EXPECT_THAT(apply("absent.wav"), HasSubstr("absent.wav: no such file"));
  EXPECT_THAT(apply("silent.wav"), HasSubstr("silent.wav is silent"));
}

TEST_F(WaveformAugmenterTest, RefusesWhatItDoesNotKnow) {
  std::vector<float> waveform(100, 0.5F);
  const auto apply = [&](const Json& drawn) {
    return error_of([&] { augmenter_.apply(drawn, waveform); });
  };
  EXPECT_THAT(apply(Json{{"op", "echo"}}), HasSubstr("4 augmentation 'echo'"));
  EXPECT_THAT(apply(Json{{"op", "gain"}}), HasSubstr("'gain_db' is missing"));
}

}  // namespace
}  // namespace parlando::audio
