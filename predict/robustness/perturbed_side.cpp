#include "predict/robustness/perturbed_side.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "common/audio/augment/sound_cache.h"
#include "common/audio/augment/waveform_augmenter.h"
#include "common/audio/mono.h"
#include "common/core/error.h"
#include "common/core/prefetcher.h"
#include "common/core/progress.h"

namespace parlando::predict {
namespace {

constexpr std::size_t kBatch = 16;

/// Scores of some clips, [conditions][clips].
using ChunkScores = std::vector<std::vector<train::ClipScores>>;

/// Makes and scores changed recordings. Thread-safe.
class PerturbedClips {
 public:
  PerturbedClips(const Predictor& predictor, const data::Corpus& corpus,
                 const std::filesystem::path& recordings, const ConditionDraws& draws)
      : predictor_(predictor), recordings_(recordings), draws_(draws) {
    for (const data::Clip& clip : corpus.clips) clips_.emplace(clip.id, &clip);
  }

  ChunkScores score(std::span<const metrics::Prediction> labelled) {
    std::map<std::int64_t, audio::WaveformAugmenter> augmenters;  // by sample rate
    std::vector<std::vector<audio::FeatureMatrix>> features(draws_.conditions().size());
    for (const metrics::Prediction& clip : labelled) {
      const audio::DecodedAudio audio = decode(clip.clip);
      const auto [augmenter, added] = augmenters.try_emplace(audio.sample_rate, audio.sample_rate,
                                                             sounds_of(audio.sample_rate));
      for (std::size_t i = 0; i < features.size(); ++i) {
        const std::vector<Json> operations = draws_.draw(i, clip.clip);
        features[i].push_back(
            operations.empty()
                ? features_of(clip.clip, audio)
                : features_of(clip.clip, change(audio, operations, augmenter->second)));
      }
    }
    ChunkScores scores;
    for (const auto& clips : features) scores.push_back(predictor_.score(clips));
    return scores;
  }

 private:
  static audio::DecodedAudio change(const audio::DecodedAudio& audio,
                                    const std::vector<Json>& operations,
                                    audio::WaveformAugmenter& augmenter) {
    std::vector<float> mono;
    audio::mix_to_mono(audio, mono);
    for (const Json& operation : operations) augmenter.apply(operation, mono);
    const auto samples = std::ssize(mono);
    return {.sample_rate = audio.sample_rate,
            .channels = 1,
            .samples = samples,
            .peak = audio::peak_of(mono),
            .interleaved = std::move(mono)};
  }

  /// Sounds to mix in at one rate; those of all threads.
  audio::SoundCache& sounds_of(std::int64_t sample_rate) {
    const std::lock_guard lock(mutex_);
    return sounds_.try_emplace(sample_rate, sample_rate).first->second;
  }

  audio::DecodedAudio decode(const std::string& id) const {
    const auto found = clips_.find(id);
    if (found == clips_.end()) {
      fail(ErrorKind::artefact,
           "clip {} is not in the dataset's corpus; run 'parlando preprocess' again", id);
    }
    const data::Clip& clip = *found->second;
    const std::filesystem::path path = recordings_ / clip.path;
    audio::DecodedAudio audio = audio::decode_audio(path);
    if (audio::audio_hash(audio) != clip.audio_hash) {
      fail(ErrorKind::data,
           "{}: not the audio that the dataset was made from; give that corpus with --corpus",
           path.string());
    }
    return audio;
  }

  audio::FeatureMatrix features_of(const std::string& id, const audio::DecodedAudio& audio) const {
    try {
      return predictor_.features(audio);
    } catch (const Error& error) {
      fail(error.kind(), "clip {}: {}", id, error.what());
    }
  }

  const Predictor& predictor_;
  const std::filesystem::path& recordings_;
  const ConditionDraws& draws_;
  std::mutex mutex_;
  std::map<std::int64_t, audio::SoundCache> sounds_;  ///< by sample rate
  std::map<std::string, const data::Clip*> clips_;
};

}  // namespace

std::filesystem::path find_recordings(const data::Corpus& corpus,
                                      const std::filesystem::path& given) {
  std::filesystem::path root = given.empty() ? corpus.root : given;
  if (std::filesystem::is_regular_file(root)) root = data::read_corpus(root).root;
  if (!std::filesystem::is_directory(root)) {
    fail(ErrorKind::usage,
         "{}: not a folder; give the corpus that the dataset was made from with --corpus",
         root.string());
  }
  return root;
}

std::vector<std::vector<metrics::Prediction>> predict_perturbed(
    const Predictor& predictor, const data::Corpus& corpus, const std::filesystem::path& recordings,
    std::span<const metrics::Prediction> labelled, const ConditionDraws& draws, int threads) {
  std::vector<std::vector<metrics::Prediction>> results(
      draws.conditions().size(),
      std::vector<metrics::Prediction>(labelled.begin(), labelled.end()));
  PerturbedClips clips(predictor, corpus, recordings, draws);
  Progress progress("robustness", std::ssize(labelled), "clips");
  Prefetcher<ChunkScores> chunks(
      0, (labelled.size() + kBatch - 1) / kBatch, static_cast<std::size_t>(2 * threads),
      static_cast<std::size_t>(threads), [&](std::size_t chunk) {
        const std::size_t first = chunk * kBatch;
        return clips.score(labelled.subspan(first, std::min(kBatch, labelled.size() - first)));
      });
  for (std::size_t first = 0; !chunks.done(); first += kBatch) {
    ChunkScores chunk = chunks.next();
    for (std::size_t i = 0; i < results.size(); ++i) {
      for (std::size_t k = 0; k < chunk[i].size(); ++k) {
        metrics::Prediction& prediction = results[i][first + k];
        prediction.predicted = static_cast<int>(chunk[i][k].best());
        prediction.probabilities = std::move(chunk[i][k].probabilities);
      }
    }
    progress.update(static_cast<std::int64_t>(std::min(first + kBatch, labelled.size())));
  }
  progress.finish();
  return results;
}

}  // namespace parlando::predict
