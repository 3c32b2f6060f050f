#include <algorithm>
#include <cstddef>
#include <new>
#include <optional>
#include <vector>

#include "common/core/error.h"
#include "common/core/prefetcher.h"
#include "common/core/progress.h"
#include "predict/verbs/predict/runs.h"

namespace parlando::predict {
namespace {

constexpr std::size_t kBatch = 16;

/// Some clips in their order: what is wrong with each, or its length and scores.
struct Chunk {
  std::vector<std::optional<std::string>> defects;
  std::vector<double> seconds;
  std::vector<train::ClipScores> scores;  ///< of those without a defect
};

Chunk predict_chunk(const Predictor& predictor, std::span<const std::string> paths,
                    bool attention) {
  Chunk chunk{.defects = std::vector<std::optional<std::string>>(paths.size()),
              .seconds = std::vector<double>(paths.size()),
              .scores = {}};
  std::vector<audio::FeatureMatrix> features;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    try {
      const audio::DecodedAudio audio = decode_clip(paths[i]);
      chunk.seconds[i] =
          static_cast<double>(audio.samples) / static_cast<double>(audio.sample_rate);
      features.push_back(predictor.features(audio));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      chunk.defects[i] = error.what();
    } catch (const std::bad_alloc&) {
      chunk.defects[i] = "needs more memory than there is";
    }
  }
  chunk.scores = predictor.score(features, attention);
  return chunk;
}

}  // namespace

audio::DecodedAudio decode_clip(const std::string& path) {
  try {
    return audio::decode_audio(path);
  } catch (const Error& error) {
    const std::string text = error.what(), prefix = path + ": ";
    throw Error(error.kind(), text.starts_with(prefix) ? text.substr(prefix.size()) : text);
  }
}

std::size_t predict_clips(const Predictor& predictor, std::span<const std::string> paths,
                          const PredictOptions& options, int threads, Output& output) {
  const std::size_t chunks = (paths.size() + kBatch - 1) / kBatch;
  const auto workers = std::min(static_cast<std::size_t>(threads), chunks);
  Progress progress("predict", std::ssize(paths), "clips", paths.size() < kBatch);
  Prefetcher<Chunk> results(0, chunks, 2 * workers, workers, [&](std::size_t i) {
    const std::size_t first = i * kBatch;
    return predict_chunk(predictor, paths.subspan(first, std::min(kBatch, paths.size() - first)),
                         options.attention);
  });
  std::size_t unusable = 0;
  for (std::size_t at = 0; !results.done();) {
    const Chunk chunk = results.next();
    auto scores = chunk.scores.begin();
    for (std::size_t i = 0; i < chunk.defects.size(); ++i, ++at) {
      if (chunk.defects[i]) {
        output.defect(paths[at], *chunk.defects[i]);
        ++unusable;
      } else {
        output.clip(paths[at], chunk.seconds[i], *scores++);
      }
    }
    progress.update(static_cast<std::int64_t>(at));
  }
  progress.finish();
  return unusable;
}

}  // namespace parlando::predict
