#include "predict/predictor/predictor.h"

#include <atomic>
#include <cmath>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/io/json.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/wav_file.h"
#include "tests/unit/predict/made_up_model.h"

namespace parlando::predict {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

constexpr const char* kMel = R"(
waveform: {sample_rate: 8000}
features: [{block: log_mel, n_fft: 256, hop_length: 128, n_mels: 12}]
)";

audio::DecodedAudio tone(double hertz, double seconds, std::int64_t rate = 8000) {
  audio::DecodedAudio audio{
      .sample_rate = rate,
      .channels = 1,
      .samples = static_cast<std::int64_t>(seconds * static_cast<double>(rate)),
      .peak = 0.5F,
      .interleaved = {}};
  for (std::int64_t i = 0; i < audio.samples; ++i) {
    const double angle = 6.28318530718 * hertz * static_cast<double>(i) / static_cast<double>(rate);
    audio.interleaved.push_back(0.5F * static_cast<float>(std::sin(angle)));
  }
  return audio;
}

class PredictorTest : public ::testing::TestWithParam<bool> {
 protected:
  PredictorTest() {
    train::set_inference_threads(1);
    test::write_model(folder_ / "run/model", {.recipe = kMel, .mask = GetParam()});
  }
  std::filesystem::path run() const { return folder_ / "run"; }

  test::ScratchFolder folder_;
};

std::string refusal(const std::filesystem::path& model, ErrorKind kind) {
  try {
    const Predictor predictor(model);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  return "";
}

TEST_P(PredictorTest, SaysTheSameOfAClipAloneAndInABatch) {
  const Predictor predictor(run());
  std::vector<audio::FeatureMatrix> clips;
  for (const double seconds : {0.1, 0.3, 0.5, 0.9}) {
    clips.push_back(predictor.features(tone(200 + 400 * seconds, seconds)));
  }
  const std::vector<train::ClipScores> batch = predictor.score(clips);
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const train::ClipScores alone = predictor.score({&clips[i], 1}).front();
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(batch[i].probabilities[k], alone.probabilities[k], 1e-6);
      sum += alone.probabilities[k];
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
  EXPECT_GT(std::abs(batch[0].probabilities[0] - batch[3].probabilities[0]), 1e-3)
      << "different sounds get different probabilities";
}

TEST_P(PredictorTest, GivesAttentionThatSumsToOneAndLeavesMaskedPaddingOut) {
  const Predictor predictor(run());
  EXPECT_DOUBLE_EQ(predictor.attention_step(), 2 * 128 / 8000.0);
  EXPECT_DOUBLE_EQ(predictor.input_seconds(), 32 * 128 / 8000.0);
  const std::vector<audio::FeatureMatrix> clips{predictor.features(tone(300, 0.15)),
                                                predictor.features(tone(300, 2))};
  EXPECT_TRUE(predictor.score(clips).front().attention.empty()) << "nobody asked for it";
  const std::vector<train::ClipScores> scores = predictor.score(clips, true);
  const std::size_t short_steps = clips[0].frames / 2;
  EXPECT_EQ(scores[0].attention.size(), GetParam() ? short_steps : 16u);
  EXPECT_EQ(scores[1].attention.size(), 16u);
  for (const train::ClipScores& clip : scores) {
    double sum = 0;
    for (const float weight : clip.attention) sum += weight;
    EXPECT_NEAR(sum, 1, 1e-5);
  }
}

TEST_P(PredictorTest, ServesManyThreadsAtOnce) {
  const Predictor predictor(run());
  const audio::DecodedAudio low = tone(250, 0.4), high = tone(1700, 0.6, 16000);
  const std::vector<double> of_low = predictor.predict(low).probabilities;
  const std::vector<double> of_high = predictor.predict(high, true).probabilities;
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const bool first = (i + t) % 2 == 0;
        if (predictor.predict(first ? low : high, i % 3 == 0).probabilities !=
            (first ? of_low : of_high)) {
          ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(PredictorTest, ReadsFilesInMemory) {
  const Predictor predictor(run() / "model");
  const std::filesystem::path path = folder_ / "clip.wav";
  test::write_wav(path, 6000);
  const std::string bytes = test::read_text(path);
  const audio::DecodedAudio file = audio::decode_audio(path);
  const audio::DecodedAudio memory =
      audio::decode_audio(std::as_bytes(std::span(bytes)), "upload.wav");
  EXPECT_EQ(memory.interleaved, file.interleaved);
  EXPECT_THAT(predictor.predict(memory).probabilities,
              ElementsAreArray(predictor.predict(file).probabilities));
  try {
    audio::decode_audio(std::as_bytes(std::span(bytes)).first(2000), "upload.wav");
    ADD_FAILURE() << "a truncated file was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("upload.wav: truncated"));
  }
}

TEST_P(PredictorTest, RefusesAFolderWithoutAModel) {
  EXPECT_THAT(refusal(folder_ / "none", ErrorKind::artefact),
              HasSubstr("give a run folder whose training has finished"));
}

TEST_P(PredictorTest, RefusesOldAndDamagedModelsAndSaysWhatToDo) {
  const std::filesystem::path json = run() / "model/model.json";
  const Json whole = read_json(json);
  const auto with = [&](const char* key, const Json& value) {
    Json changed = whole;
    changed[key] = value;
    write_json(json, changed);
    return refusal(run(), ErrorKind::artefact);
  };
  EXPECT_THAT(with("version", 1), HasSubstr("train again"));
  EXPECT_THAT(with("numerics_version", 1), HasSubstr("train again"));
  EXPECT_THAT(with("network", "{conv: [{filter: 3}]}"), HasSubstr("train again"));
  EXPECT_THAT(with("recipe", "{waveform: {rate: 3}}"), HasSubstr("train again"));
  EXPECT_THAT(with("recipe", "{features: [{block: rms}]}"), HasSubstr("other feature rows"));
  EXPECT_THAT(with("classes", {"calm", "happy"}), HasSubstr("another shape"));
  test::write_text(json, "{");
  EXPECT_THAT(refusal(run(), ErrorKind::artefact), HasSubstr("train again"));
  write_json(json, whole);
  EXPECT_EQ(refusal(run(), ErrorKind::artefact), "");
  std::filesystem::resize_file(run() / "model/model.safetensors", 700);
  EXPECT_THAT(refusal(run(), ErrorKind::artefact), HasSubstr("model.safetensors"));
  std::filesystem::remove(run() / "model/model.safetensors");
  EXPECT_THAT(refusal(run(), ErrorKind::artefact), HasSubstr("model.safetensors"));
}

TEST_P(PredictorTest, RefusesArraysOfAnotherProgram) {
  test::write_model(folder_ / "arrays",
                    {.recipe = "features: [{block: external, path: somewhere, rows: 12}]"});
  EXPECT_THAT(refusal(folder_ / "arrays", ErrorKind::usage), HasSubstr("another program"));
}

TEST_P(PredictorTest, GivesTheReasonForARecordingWithoutFeatures) {
  test::write_model(folder_ / "late", {.recipe = std::string(kMel) + "\n"});
  Json json = read_json(folder_ / "late/model.json");
  json["recipe"] =
      "{waveform: {sample_rate: 8000, offset: 1}, features: [{block: log_mel, n_fft: "
      "256, hop_length: 128, n_mels: 12}]}";
  write_json(folder_ / "late/model.json", json);
  const Predictor predictor(folder_ / "late");
  try {
    predictor.features(tone(300, 0.5));
    ADD_FAILURE() << "nothing is left of it";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_THAT(error.what(), HasSubstr("offset"));
  }
}

INSTANTIATE_TEST_SUITE_P(, PredictorTest, ::testing::Bool(),
                         [](const auto& mask) { return mask.param ? "Masked" : "Unmasked"; });

}  // namespace
}  // namespace parlando::predict
