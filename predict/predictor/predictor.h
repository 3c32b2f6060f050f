#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/audio/decode.h"
#include "common/audio/feature_extractor.h"
#include "predict/predictor/extractor_pool.h"
#include "train/run/inference.h"

namespace parlando::predict {

/// From a recording to probabilities by a trained model: the recipe, crop, padding, normalisation
/// and network that were evaluated. Two halves, so that a server can make features on many threads
/// and score them in batches on another. Any number of threads may call its functions at once.
class Predictor {
 public:
  /// `model`: a run, or its folder model/. Throws as find_model_folder(), train::Inference and
  /// recipe_of().
  explicit Predictor(const std::filesystem::path& model);

  const train::ModelDescription& description() const { return inference_.description(); }
  const std::vector<std::string>& classes() const { return description().classes; }
  const train::Inference& inference() const { return inference_; }

  /// Seconds between two weights of the attention; 0 if features have no fixed step in time.
  double attention_step() const;
  /// Seconds of a recording that the network sees at most; 0 if nothing bounds them but its length.
  double input_seconds() const;

  /// The first half. Throws Error(data) with the reason alone if the recording gives no features.
  audio::FeatureMatrix features(const audio::DecodedAudio& audio) const;

  /// The second half, for several recordings at once. `attention`: with its weights over time.
  std::vector<train::ClipScores> score(std::span<const audio::FeatureMatrix> clips,
                                       bool attention = false) const {
    return inference_.score(clips, attention);
  }

  /// Both, for one recording.
  train::ClipScores predict(const audio::DecodedAudio& audio, bool attention = false) const;

 private:
  train::Inference inference_;
  audio::FeatureRecipe recipe_;
  double frame_step_ = 0;  ///< seconds between frames; 0 = no fixed step
  mutable ExtractorPool extractors_;
};

}  // namespace parlando::predict
