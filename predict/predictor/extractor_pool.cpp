#include "predict/predictor/extractor_pool.h"

namespace parlando::predict {

ExtractorPool::Lease ExtractorPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      std::unique_ptr<audio::FeatureExtractor> extractor = std::move(free_.back());
      free_.pop_back();
      return {*this, std::move(extractor)};
    }
  }
  return {*this, std::make_unique<audio::FeatureExtractor>(recipe_)};
}

void ExtractorPool::give_back(std::unique_ptr<audio::FeatureExtractor> extractor) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(extractor));
}

}  // namespace parlando::predict
