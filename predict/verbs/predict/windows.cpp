#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

#include "common/core/error.h"
#include "common/core/prefetcher.h"
#include "predict/verbs/predict/runs.h"
#include "predict/windows/timeline.h"

namespace parlando::predict {
namespace {

/// Windows that a thread scores at once.
constexpr std::size_t kBatch = 16;

double seconds_of(std::int64_t samples, const audio::DecodedAudio& audio) {
  return static_cast<double>(samples) / static_cast<double>(audio.sample_rate);
}

std::vector<WindowScores> score_chunk(const Predictor& predictor, const audio::DecodedAudio& audio,
                                      std::span<const Window> windows) {
  std::vector<WindowScores> result;
  std::vector<audio::FeatureMatrix> features;
  std::vector<std::size_t> usable;
  for (const Window& window : windows) {
    result.push_back({seconds_of(window.first, audio), seconds_of(window.end(), audio), {}});
    try {
      features.push_back(predictor.features(cut(audio, window)));
      usable.push_back(result.size() - 1);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
    }
  }
  std::vector<train::ClipScores> scores = predictor.score(features);
  for (std::size_t i = 0; i < usable.size(); ++i) {
    result[usable[i]].probabilities = std::move(scores[i].probabilities);
  }
  return result;
}

std::vector<WindowScores> score_windows(const Predictor& predictor,
                                        const audio::DecodedAudio& audio,
                                        const std::vector<Window>& windows, int threads) {
  const std::size_t chunks = (windows.size() + kBatch - 1) / kBatch;
  const auto workers = std::min(static_cast<std::size_t>(threads), chunks);
  Prefetcher<std::vector<WindowScores>> results(
      0, chunks, 2 * workers, workers, [&](std::size_t i) {
        const std::size_t first = i * kBatch;
        return score_chunk(
            predictor, audio,
            std::span(windows).subspan(first, std::min(kBatch, windows.size() - first)));
      });
  std::vector<WindowScores> scores;
  while (!results.done()) {
    for (WindowScores& window : results.next()) scores.push_back(std::move(window));
  }
  return scores;
}

}  // namespace

WindowPlan window_plan(const Predictor& predictor, const PredictOptions& options,
                       std::int64_t sample_rate) {
  double window = options.window.value_or(0);
  if (window == 0) window = predictor.input_seconds();
  if (window == 0) {
    fail(ErrorKind::usage,
         "this model takes recordings of any length and does not tell how long a window is; give "
         "--window SECONDS");
  }
  return {window, options.hop > 0 ? options.hop : window / 2, sample_rate};
}

WindowScores score_window(const Predictor& predictor, const audio::DecodedAudio& window,
                          double begin) {
  WindowScores scores{begin, begin + seconds_of(window.samples, window), {}};
  try {
    scores.probabilities = predictor.predict(window).probabilities;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
  }
  return scores;
}

std::size_t predict_windows(const Predictor& predictor, std::span<const std::string> paths,
                            const PredictOptions& options, int threads, Output& output) {
  std::size_t unusable = 0;
  for (const std::string& path : paths) {
    try {
      const audio::DecodedAudio audio = decode_clip(path);
      const std::vector<Window> windows =
          window_plan(predictor, options, audio.sample_rate).all(audio.samples);
      const std::vector<WindowScores> scores = score_windows(predictor, audio, windows, threads);
      output.timeline(path, seconds_of(audio.samples, audio), scores, merge_windows(scores));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      output.defect(path, error.what());
      ++unusable;
    } catch (const std::bad_alloc&) {
      output.defect(path, "needs more memory than there is");
      ++unusable;
    }
  }
  return unusable;
}

}  // namespace parlando::predict
