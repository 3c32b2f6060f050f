#include "train/data/condition.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

#include "common/audio/augment/waveform_augmenter.h"
#include "common/audio/decode.h"
#include "common/audio/feature_extractor.h"
#include "common/audio/mono.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/random.h"
#include "common/core/text.h"
#include "train/data/side_rows.h"

namespace parlando::train {
namespace {

constexpr int kWordBits = 32;

/// The part of a preprocess configuration that makes features.
audio::FeatureRecipe features_of(const std::string& recipe) {
  const YAML::Node whole = YAML::Load(recipe);
  YAML::Node part(YAML::NodeType::Map);
  for (const char* key : {"waveform", "features", "functionals"}) {
    if (whole[key].IsDefined()) part[key] = whole[key];
  }
  audio::FeatureRecipe features;
  config_detail::read_struct(features, part, config_detail::Place{"the recipe", ""});
  return features;
}

/// "10" of "noise 10 dB" after the word; nothing if it is not of that form.
std::optional<double> decibels(const std::string& name, const std::string& word) {
  constexpr std::string_view kUnit = " dB";
  if (!name.starts_with(word + " ") || !name.ends_with(kUnit)) return std::nullopt;
  const std::string number =
      name.substr(word.size() + 1, name.size() - word.size() - 1 - kUnit.size());
  double value = 0;
  if (!YAML::convert<double>::decode(YAML::Node(number), value) || !std::isfinite(value))
    return std::nullopt;
  return value;
}

/// Changes waveforms of any rate.
class Changer {
 public:
  explicit Changer(const Condition& condition) : condition_(condition) {}

  void apply(const std::string& clip, audio::DecodedAudio& audio) {
    if (condition_.operation.is_null()) return;
    std::vector<float> mono;
    audio::mix_to_mono(audio, mono);
    Json operation = condition_.operation;
    const auto key = stream_key(0, "condition " + clip);
    if (operation.contains("color"))
      operation["seed"] = (std::uint64_t{key[0]} << kWordBits) | key[1];
    tools_of(audio.sample_rate).augmenter.apply(operation, mono);
    audio.channels = 1;
    audio.samples = static_cast<std::int64_t>(mono.size());
    audio.peak = audio::peak_of(mono);
    audio.interleaved = std::move(mono);
  }

 private:
  struct Tools {
    explicit Tools(std::int64_t rate) : sounds(rate), augmenter(rate, sounds) {}
    audio::SoundCache sounds;
    audio::WaveformAugmenter augmenter;
  };
  Tools& tools_of(std::int64_t rate) {
    std::unique_ptr<Tools>& tools = tools_[rate];
    if (!tools) tools = std::make_unique<Tools>(rate);
    return *tools;
  }

  const Condition& condition_;
  std::map<std::int64_t, std::unique_ptr<Tools>> tools_;
};

audio::DecodedAudio decode_clip(const data::Corpus& corpus, const data::Clip& clip) {
  audio::DecodedAudio audio = audio::decode_audio(corpus.root / clip.path);
  if (audio::audio_hash(audio) != clip.audio_hash) {
    fail(ErrorKind::data,
         "{}: not the audio that the dataset was made of; run 'parlando preprocess' "
         "again",
         (corpus.root / clip.path).string());
  }
  return audio;
}

}  // namespace

Condition parse_condition(const std::string& name) {
  if (name == "clean") return {name, nullptr};
  if (name == "telephone") return {name, Json{{"op", "telephone"}}};
  if (const auto snr = decibels(name, "noise"))
    return {name, Json{{"op", "waveform_noise"}, {"color", "white"}, {"snr_db", *snr}}};
  if (const auto snr = decibels(name, "pink noise"))
    return {name, Json{{"op", "waveform_noise"}, {"color", "pink"}, {"snr_db", *snr}}};
  if (const auto gain = decibels(name, "gain"))
    return {name, Json{{"op", "gain"}, {"gain_db", *gain}}};
  fail(ErrorKind::usage,
       "'{}' is no condition; there are clean, noise N dB, pink noise N dB, gain N dB, telephone",
       name);
}

ClipFeatures changed_side(const data::Dataset& dataset, const data::Split& split, data::Side side,
                          const std::string& recipe, const Condition& condition,
                          const Normalization& normalization) {
  const data::Corpus corpus = dataset.corpus();
  std::unordered_map<std::string, const data::Clip*> clip_of;
  for (const data::Clip& clip : corpus.clips) clip_of.emplace(clip.id, &clip);
  const std::vector<std::size_t> rows = find_side_rows(dataset, split, side, false).clips;
  audio::FeatureExtractor extractor(features_of(recipe));
  Changer changer(condition);
  const std::size_t width = normalization.rows, frames = normalization.frames;
  std::vector<ClipInfo> infos;
  std::vector<float> values(rows.size() * frames * width);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const data::DatasetRow& row = dataset.rows()[rows[i]];
    audio::DecodedAudio audio = decode_clip(corpus, *clip_of.at(row.clip));
    changer.apply(row.clip, audio);
    const audio::FeatureMatrix features = extractor.extract(audio, row.clip);
    const std::size_t valid = std::min(features.frames, frames);
    const std::span<float> own = std::span(values).subspan(i * frames * width, valid * width);
    std::copy_n(features.values.begin(), own.size(), own.begin());
    normalization.apply(own);
    infos.push_back({.dataset_row = rows[i], .label = row.emotion, .valid_frames = valid});
  }
  return {std::move(infos), frames, width, values};
}

}  // namespace parlando::train
