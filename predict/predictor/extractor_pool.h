#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "common/audio/feature_extractor.h"

namespace parlando::predict {

/// Extractors of one recipe, each used by one thread at a time and made where none is free, so that
/// there are never more than threads that asked at once. Thread-safe.
class ExtractorPool {
 public:
  explicit ExtractorPool(audio::FeatureRecipe recipe) : recipe_(std::move(recipe)) {}

  /// An extractor for as long as the object lives, which must not outlive the pool.
  class Lease {
   public:
    Lease(ExtractorPool& pool, std::unique_ptr<audio::FeatureExtractor> extractor)
        : pool_(pool), extractor_(std::move(extractor)) {}
    ~Lease() { pool_.give_back(std::move(extractor_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    audio::FeatureExtractor* operator->() const { return extractor_.get(); }

   private:
    ExtractorPool& pool_;
    std::unique_ptr<audio::FeatureExtractor> extractor_;
  };
  Lease take();

 private:
  void give_back(std::unique_ptr<audio::FeatureExtractor> extractor);

  audio::FeatureRecipe recipe_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<audio::FeatureExtractor>> free_;
};

}  // namespace parlando::predict
