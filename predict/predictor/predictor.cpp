#include "predict/predictor/predictor.h"

#include <utility>

#include "common/core/error.h"
#include "predict/predictor/model_recipe.h"

namespace parlando::predict {

Predictor::Predictor(const std::filesystem::path& model)
    : inference_(find_model_folder(model)),
      recipe_(recipe_of(inference_.description(), model.string())),
      frame_step_(audio::FeatureExtractor(recipe_).frame_step()),
      extractors_(recipe_) {}

double Predictor::attention_step() const {
  return frame_step_ * static_cast<double>(inference_.frames_per_step());
}

double Predictor::input_seconds() const {
  const audio::WaveformRecipe& waveform = recipe_.waveform;
  if (waveform.duration > 0) return waveform.offset + waveform.duration;
  if (waveform.fix_length > 0) {
    return waveform.offset +
           static_cast<double>(waveform.fix_length) / static_cast<double>(waveform.sample_rate);
  }
  if (frame_step_ == 0) return 0;
  return waveform.offset + frame_step_ * static_cast<double>(description().input.frames);
}

audio::FeatureMatrix Predictor::features(const audio::DecodedAudio& audio) const {
  audio::FeatureMatrix features = extractors_.take()->extract(audio);
  if (features.frames == 0) fail(ErrorKind::data, "too short: no frame of features");
  return features;
}

train::ClipScores Predictor::predict(const audio::DecodedAudio& audio, bool attention) const {
  const audio::FeatureMatrix clip = features(audio);
  return score({&clip, 1}, attention).front();
}

}  // namespace parlando::predict
