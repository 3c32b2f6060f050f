#include "preprocess/verbs/features/clip_features.h"

#include "common/audio/decode.h"
#include "common/core/error.h"

namespace parlando::preprocess {
namespace {

audio::FeatureMatrix rows_first(const audio::FeatureMatrix& features) {
  audio::FeatureMatrix turned{features.frames, features.rows, features.values};
  for (std::size_t t = 0; t < features.frames; ++t) {
    for (std::size_t r = 0; r < features.rows; ++r) {
      turned.values[r * features.frames + t] = features.values[t * features.rows + r];
    }
  }
  return turned;
}

}  // namespace

audio::FeatureMatrix clip_features(const audio::FeatureRecipe& recipe,
                                   const std::filesystem::path& clip, const std::string& stage) {
  audio::FeatureExtractor extractor(recipe);
  const audio::DecodedAudio decoded = audio::decode_audio(clip, extractor.seconds_needed());
  try {
    const std::string id = clip.stem().string();
    return stage.empty() ? rows_first(extractor.extract(decoded, id))
                         : extractor.stage(decoded, stage, id);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    fail(ErrorKind::data, "{}: {}", clip.string(), error.what());
  }
}

}  // namespace parlando::preprocess
