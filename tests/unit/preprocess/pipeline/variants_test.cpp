#include "preprocess/pipeline/variants.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/data/augmentation.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/preprocess/pipeline/sample_job.h"

namespace parlando::preprocess {
namespace {

constexpr std::int64_t kFrames = 130;
constexpr std::int64_t kRows = 128;
constexpr int kDraws = 2000;

std::string clip_name(int i) {
  return "clip-" + std::to_string(i);
}

VariantsConfig variants_of(const std::string& text) {
  return parse_config<VariantsConfig>(text, "variants.yaml");
}

std::string augmentation_text(const VariantDraws& draws, const std::string& clip, int copy) {
  return data::augmentation_to_text(
      {draws.waveform(clip, copy), draws.features(clip, copy, kFrames, kRows)});
}

TEST(Variants, AreAFunctionOfSeedClipAndCopy) {
  const VariantsConfig config = test::sample_config().variants;
  const auto text = [&](const VariantsConfig& with, const std::string& clip, int copy) {
    return augmentation_text(VariantDraws(with), clip, copy);
  };
  std::set<std::string> distinct;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(text(config, clip_name(i), 1), text(config, clip_name(i), 1));
    distinct.insert(text(config, clip_name(i), 1));
    distinct.insert(text(config, clip_name(i), 2));
    VariantsConfig other = config;
    other.seed = 43;
    distinct.insert(text(other, clip_name(i), 1));
  }
  // 300 draws; about half are masks at one of 117 places, so many of these coincide.
  EXPECT_GT(distinct.size(), 200U);
}

TEST(Variants, OfMel128AreHalfNoiseHalfMasksOf12FramesWithinTheFirst128) {
  const VariantsConfig config = test::sample_config().variants;
  EXPECT_EQ(config.copies, 1);
  const VariantDraws draws(config);
  int masks = 0;
  std::int64_t last_start = 0;
  for (int i = 0; i < kDraws; ++i) {
    const data::RowOperation operation = draws.features(clip_name(i), 1, kFrames, kRows).at(0);
    if (operation.op == "noise") {
      EXPECT_EQ(operation.std, 0.01);
      continue;
    }
    ++masks;
    EXPECT_EQ(operation.op, "time_mask");
    EXPECT_EQ(operation.frames, 12);
    EXPECT_GE(operation.start, 0);
    EXPECT_LE(operation.start + operation.frames, 128);
    last_start = std::max(last_start, operation.start);
  }
  EXPECT_NEAR(masks, kDraws / 2, 5 * 22);  // five standard deviations of a fair coin
  EXPECT_EQ(last_start, 116);              // the last place is drawn, too
}

TEST(Variants, OfMel128AreThoseOfDatasetsMadeBefore) {
  const VariantDraws draws(test::sample_config().variants);
  EXPECT_EQ(augmentation_text(draws, "03-01-01-01-02-02-01", 1),
            R"({"op":"noise","std":0.01,"seed":8492733714242624})");
  EXPECT_EQ(augmentation_text(draws, "03-01-02-01-01-01-01", 1),
            R"({"op":"time_mask","start":82,"frames":12})");
}

TEST(Variants, OfAShortClipStayInsideIt) {
  const VariantsConfig config = test::sample_config().variants;
  const VariantDraws draws(config);
  for (int i = 0; i < kDraws; ++i) {
    const data::RowOperation operation = draws.features(clip_name(i), 1, 7, kRows).at(0);
    EXPECT_LE(operation.start + operation.frames, 7);
  }
}

constexpr const char* kEach = R"(
copies: 2
choose: each
operations:
  - {op: speed, probability: 0.5, factor: [0.8, 1.25]}
  - {op: waveform_noise, probability: 0.3, snr_db: [10, 20]}
  - {op: time_mask, probability: 0.9, fraction: 0.1, masks: 3}
  - {op: freq_mask, probability: 0.2, fraction: 0.05}
)";

TEST(Variants, EachOperationComesWithItsProbabilityInTheListedOrder) {
  const VariantDraws draws(variants_of(kEach));
  std::map<std::string, int> seen;
  for (int i = 0; i < kDraws; ++i) {
    const std::vector<Json> waveform = draws.waveform(clip_name(i), 2);
    for (const Json& operation : waveform) ++seen[operation["op"]];
    if (waveform.size() == 2) {
      EXPECT_EQ(waveform[0]["op"], "speed");
      EXPECT_EQ(waveform[1]["op"], "waveform_noise");
    }
    for (const auto& operation : draws.features(clip_name(i), 2, kFrames, kRows)) {
      ++seen[operation.op];
      if (operation.op == "freq_mask") {
        EXPECT_EQ(operation.rows, 6);
        EXPECT_LE(operation.start + operation.rows, kRows);
      }
    }
  }
  // Five standard deviations of kDraws draws: at the most 5 sqrt(2000 / 4) = 112.
  EXPECT_NEAR(seen["speed"], 0.5 * kDraws, 112);
  EXPECT_NEAR(seen["waveform_noise"], 0.3 * kDraws, 112);
  EXPECT_NEAR(seen["time_mask"], 3 * 0.9 * kDraws, 3 * 112);
  EXPECT_NEAR(seen["freq_mask"], 0.2 * kDraws, 112);
}

TEST(Variants, AnOperationDrawsTheSameWhateverTheOthersAre) {
  VariantsConfig config = variants_of(kEach);
  const VariantDraws before(config);
  config.operations[0].probability = 0;
  config.operations.pop_back();
  const VariantDraws after(config);
  int noises = 0;
  for (int i = 0; i < 100; ++i) {
    std::vector<Json> left = before.waveform(clip_name(i), 1);
    std::erase_if(left, [](const Json& operation) { return operation["op"] == "speed"; });
    EXPECT_EQ(after.waveform(clip_name(i), 1), left);
    noises += left.empty() ? 0 : 1;
  }
  EXPECT_GT(noises, 10);
}

TEST(Variants, OneOfBothKindsIsChosen) {
  const VariantDraws draws(variants_of(R"(
copies: 1
operations:
  - {op: gain, probability: 0.5}
  - {op: freq_mask, probability: 0.5}
)"));
  int gains = 0;
  for (int i = 0; i < kDraws; ++i) {
    const auto waveform = draws.waveform(clip_name(i), 1);
    EXPECT_EQ(waveform.size() + draws.features(clip_name(i), 1, kFrames, kRows).size(), 1U);
    if (waveform.empty()) continue;
    ++gains;
    EXPECT_GE(waveform[0]["gain_db"].get<double>(), -6);
    EXPECT_LT(waveform[0]["gain_db"].get<double>(), 6);
  }
  EXPECT_NEAR(gains, kDraws / 2, 112);
}

TEST(Variants, ListsThatCannotBeCarriedOutAreRefused) {
  const auto load = [](const char* text) { return test::error_of([&] { variants_of(text); }); };
  EXPECT_THAT(load("{copies: 1, choose: each}"), testing::HasSubstr("at least one"));
  EXPECT_THAT(load("{copies: 1, choose: each, operations: [{op: noise}, {op: gain}]}"),
              testing::HasSubstr("come before"));
  EXPECT_THAT(load("{copies: 1, operations: [{op: gain, gain_db: [3, 1]}]}"),
              testing::HasSubstr("gain_db: a range is two numbers"));
  EXPECT_THAT(load("{copies: 1, operations: [{op: gain, gain_db: [1]}]}"),
              testing::HasSubstr("gain_db: a range is two numbers"));
  EXPECT_THAT(load("{copies: 1, operations: [{op: speed, factor: [0, 1]}]}"),
              testing::HasSubstr("factor"));
  EXPECT_THAT(load("{copies: 1, operations: [{op: waveform_noise, color: folder}]}"),
              testing::HasSubstr("folder"));
  EXPECT_THAT(load("{copies: 1, operations: [{op: telephone, snr_db: [1, 2]}]}"),
              testing::HasSubstr("snr_db"));
}

TEST(Variants, OnTheWaveformOfExternalArraysAloneAreRefused) {
  const auto load = [](const std::string& blocks, const std::string& operation) {
    return test::error_of([&] {
      parse_config<PreprocessConfig>("features: [" + blocks +
                                         "]\nvariants: {copies: 1, operations: "
                                         "[{op: " +
                                         operation + "}]}",
                                     "recipe.yaml");
    });
  };
  const std::string external = "{block: external, path: arrays}";
  const std::string delta = ", {block: delta, of: external}";
  EXPECT_THAT(load(external, "speed"), testing::HasSubstr("external arrays"));
  EXPECT_THAT(load(external + delta, "gain"), testing::HasSubstr("external arrays"));
  EXPECT_EQ(load(external, "noise"), "");
  EXPECT_EQ(load(external + ", {block: rms}", "speed"), "");
}

TEST(Variants, FoldersOfSoundsMustHoldSounds) {
  const test::ScratchFolder folder;
  const auto draws_from = [](const std::filesystem::path& sounds) {
    return test::error_of([&] {
      VariantDraws(
          variants_of("{copies: 1, operations: [{op: waveform_noise, color: folder, folder: '" +
                      sounds.string() + "'}]}"));
    });
  };
  EXPECT_THAT(draws_from(folder / "absent"),
              testing::AllOf(testing::StartsWith("2 "), testing::HasSubstr("absent")));
  std::filesystem::create_directory(folder / "empty");
  EXPECT_THAT(draws_from(folder / "empty"),
              testing::AllOf(testing::StartsWith("2 "), testing::HasSubstr("empty"),
                             testing::HasSubstr("no wav or FLAC file")));
}

TEST(Variants, ProbabilitiesThatDoNotAddUpAreRefused) {
  const auto load = [](const char* text) {
    return test::error_of([&] { parse_config<PreprocessConfig>(text, "recipe.yaml"); });
  };
  EXPECT_THAT(
      load("variants: {copies: 1, operations: [{op: noise, probability: 0.5}]}"),
      testing::AllOf(testing::StartsWith("2 recipe.yaml"), testing::HasSubstr("0.5 instead of 1")));
  EXPECT_THAT(load("variants: {copies: 1}"), testing::HasSubstr("0 instead of 1"));
  EXPECT_EQ(load("variants: {copies: 0}"), "");
  EXPECT_THAT(load("variants: {copies: 1, operations: [{op: pitch, probability: 1}]}"),
              testing::HasSubstr("pitch"));
}

}  // namespace
}  // namespace parlando::preprocess
