#include "tests/golden/audio/cases.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "common/core/error.h"
#include "tests/golden/golden.h"

namespace parlando::golden {

const std::vector<std::string>& clip_names() {
  static const std::vector<std::string> names = {"03-01-02-01-02-02-13", "03-02-02-02-02-01-22",
                                                 "03-01-03-01-02-01-20", "03-01-04-01-02-02-09",
                                                 "03-02-03-02-01-02-10", "03-02-06-02-02-02-19",
                                                 "03-01-05-02-01-01-11", "03-01-08-02-01-02-22"};
  return names;
}

std::filesystem::path original_of(const std::string& clip) {
  std::string folder;
  if (const char* originals = std::getenv("RAVDESS_48K")) {
    folder = originals;
  } else if (const char* corpus = std::getenv("RAVDESS")) {
    folder = corpus;
    while (folder.ends_with('/')) folder.pop_back();
    folder += "-48k";
  } else {
    return {};
  }
  return std::filesystem::path(folder) / (clip + ".wav");
}

audio::DecodedAudio waveform_of(const std::string& name) {
  NpyArray array = load(name);
  const auto samples = static_cast<std::int64_t>(array.values.size());
  return {.sample_rate = 22050,
          .channels = 1,
          .samples = samples,
          .peak = static_cast<float>(largest(array.values)),
          .interleaved = std::move(array.values)};
}

audio::FeatureRecipe whole_clip() {
  return {};
}

audio::FeatureRecipe recipe_a() {
  audio::FeatureRecipe recipe;
  recipe.waveform.duration = 3;
  recipe.waveform.fix_length = 66150;
  return recipe;
}

audio::FeatureRecipe recipe_b() {
  audio::FeatureRecipe recipe;
  recipe.waveform.trim.emplace();
  recipe.features = {audio::MfccRecipe{.n_mfcc = 40}, audio::DeltaRecipe{},
                     audio::DeltaRecipe{.order = 2}, audio::RmsRecipe{}};
  return recipe;
}

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
    return error.what();
  }
  return "";
}

std::string test_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

}  // namespace parlando::golden
