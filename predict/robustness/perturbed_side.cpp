#include "predict/robustness/perturbed_side.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "common/audio/augment/sound_cache.h"
#include "common/audio/augment/waveform_augmenter.h"
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
      : predictor_(predictor),
        recordings_(recordings),
        draws_(draws),
        sample_rate_(predictor.recipe().waveform.sample_rate),
        sounds_(sample_rate_) {
    for (const data::Clip& clip : corpus.clips) clips_.emplace(clip.id, &clip);
  }

  ChunkScores score(std::span<const metrics::Prediction> labelled) {
    audio::WaveformAugmenter augmenter(sample_rate_, sounds_);
    std::vector<std::vector<audio::FeatureMatrix>> features(draws_.conditions().size());
    for (const metrics::Prediction& clip : labelled) {
      const std::vector<float> waveform = predictor_.waveform(decode(clip.clip));
      for (std::size_t i = 0; i < features.size(); ++i) {
        std::vector<float> changed = waveform;
        for (const Json& operation : draws_.draw(i, clip.clip)) augmenter.apply(operation, changed);
        features[i].push_back(features_of(clip.clip, std::move(changed)));
      }
    }
    ChunkScores scores;
    for (const auto& clips : features) scores.push_back(predictor_.score(clips));
    return scores;
  }

 private:
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

  audio::FeatureMatrix features_of(const std::string& id, std::vector<float> waveform) const {
    try {
      return predictor_.features_of(std::move(waveform));
    } catch (const Error& error) {
      fail(error.kind(), "clip {}: {}", id, error.what());
    }
  }

  const Predictor& predictor_;
  const std::filesystem::path& recordings_;
  const ConditionDraws& draws_;
  std::int64_t sample_rate_;
  audio::SoundCache sounds_;
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
