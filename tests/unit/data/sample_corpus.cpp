#include "tests/unit/data/sample_corpus.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "common/data/ravdess.h"
#include "common/io/checksum.h"

namespace parlando::test {
namespace {

constexpr int kNeutral = 1;
constexpr int kLastSung = 6;

}  // namespace

data::Corpus sample_corpus(int speakers) {
  data::Corpus corpus;
  corpus.name = "sample";
  corpus.root = "/sample";
  corpus.classes = data::ravdess_classes();
  for (int speaker = 1; speaker <= speakers; ++speaker) {
    for (int variant = 0; variant < 2 * 8 * 2 * 2 * 2; ++variant) {
      const int repetition = variant % 2 + 1;
      const int statement = variant / 2 % 2 + 1;
      const int intensity = variant / 4 % 2 + 1;
      const int emotion = variant / 8 % 8 + 1;
      const int channel = variant / 64 + 1;
      if (emotion == kNeutral && intensity == 2) continue;
      if (channel == 2 && emotion > kLastSung) continue;
      data::Clip clip =
          data::parse_ravdess_name(fmt::format("03-{:02}-{:02}-{:02}-{:02}-{:02}-{:02}", channel,
                                               emotion, intensity, statement, repetition, speaker));
      clip.path = clip.id + ".wav";
      clip.sample_rate = 16000;
      clip.channels = 1;
      clip.samples = 16000;
      clip.peak = 0.5;
      clip.audio_hash = hash_text(clip.id);
      corpus.clips.push_back(std::move(clip));
    }
  }
  std::ranges::sort(corpus.clips, data::clip_before);
  return corpus;
}

data::Clip& clip_of(data::Corpus& corpus, const std::string& id) {
  const auto found = std::ranges::find(corpus.clips, id, &data::Clip::id);
  if (found == corpus.clips.end()) throw std::out_of_range(id);
  return *found;
}

}  // namespace parlando::test
