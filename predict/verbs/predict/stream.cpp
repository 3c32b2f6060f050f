#include <optional>
#include <vector>

#include <unistd.h>

#include "common/audio/mono.h"
#include "common/core/error.h"
#include "predict/input/pcm_stream.h"
#include "predict/verbs/predict/runs.h"

namespace parlando::predict {
namespace {

/// The part of a stream that later windows need.
class RecentSound {
 public:
  explicit RecentSound(const PcmFormat& format) : format_(format) {}

  std::vector<float>& samples() { return samples_; }
  /// Samples of each channel that have arrived since the beginning.
  std::int64_t end() const { return first_ + std::ssize(samples_) / format_.channels; }

  /// A copy of a window that is whole in here.
  audio::DecodedAudio cut(const Window& window) const {
    const auto begin = samples_.begin() + (window.first - first_) * format_.channels;
    audio::DecodedAudio audio{.sample_rate = format_.sample_rate,
                              .channels = format_.channels,
                              .samples = window.count,
                              .peak = 0,
                              .interleaved = {begin, begin + window.count * format_.channels}};
    audio.peak = audio::peak_of(audio.interleaved);
    return audio;
  }

  /// Forgets what lies before `sample`.
  void drop_before(std::int64_t sample) {
    const std::int64_t count = std::min(sample, end()) - first_;
    if (count <= 0) return;
    samples_.erase(samples_.begin(), samples_.begin() + count * format_.channels);
    first_ += count;
  }

 private:
  PcmFormat format_;
  std::int64_t first_ = 0;  ///< of the samples that are kept
  std::vector<float> samples_;
};

}  // namespace

void predict_stream(const Predictor& predictor, const PredictOptions& options, Output& output) {
  PcmStream stream(STDIN_FILENO, options.format);
  const WindowPlan plan = window_plan(predictor, options, stream.format().sample_rate);
  RecentSound sound(stream.format());
  const auto predict = [&](const Window& window) {
    const double begin =
        static_cast<double>(window.first) / static_cast<double>(stream.format().sample_rate);
    output.window(score_window(predictor, sound.cut(window), begin));
  };
  std::int64_t k = 0;
  while (stream.read(sound.samples())) {
    for (; plan.at(k).end() <= sound.end(); ++k) {
      sound.drop_before(plan.at(k).first);
      predict(plan.at(k));
    }
  }
  if (sound.end() == 0) fail(ErrorKind::data, "the stream ended before any sound came");
  if (const std::optional<Window> rest = plan.last(k, sound.end())) predict(*rest);
}

}  // namespace parlando::predict
