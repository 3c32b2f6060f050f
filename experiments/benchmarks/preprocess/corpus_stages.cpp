#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/audio/clip_analysis.h"
#include "common/audio/decode.h"
#include "common/audio/effects/harmonic.h"
#include "common/audio/pitch/tuning.h"
#include "common/audio/trim.h"
#include "common/audio/waveform.h"
#include "common/config/command_line.h"
#include "common/core/program.h"
#include "common/data/clip_files.h"
#include "common/io/json.h"

namespace {

using namespace parlando;

constexpr int kRate = 22050;
constexpr std::int64_t kFixLength = 66150;

/// The decisions inside the recipes, clip by clip, for parity.py.
class Stages {
 public:
  Json of(const std::filesystem::path& path) {
    const auto [start, end] = trimmer_.ends(whole_.prepare(audio::decode_audio(path)));
    clip_.start(three_seconds_.prepare(audio::decode_audio(path, 3)));
    const double chroma = tuning_.estimate(clip_.power({}), {.sample_rate = kRate}, 12);
    audio::ClipAnalysis& harmonic = clip_.derived("harmonic", [&](auto& clip, auto& out) {
      hpss_.harmonic(clip.stft({}), clip.magnitude({}), clip.waveform().size(), out);
    });
    const double tonnetz = tuning_.estimate(harmonic.magnitude({}), {.sample_rate = kRate}, 36);
    return {{"clip", path.stem().string()},
            {"trim", {start, end}},
            {"tuning_chroma_stft", chroma},
            {"tuning_36_harmonic", tonnetz}};
  }

 private:
  audio::WaveformPreparation whole_{{.sample_rate = kRate}};
  audio::WaveformPreparation three_seconds_{
      {.sample_rate = kRate, .duration = 3, .fix_length = kFixLength}};
  audio::Trimmer trimmer_{{}};
  audio::ClipAnalysis clip_;
  audio::Hpss hpss_{{}};
  audio::TuningEstimator tuning_;
};

int run(int argc, const char* const* argv) {
  std::string corpus;
  CommandLine line(
      "corpus_stages",
      "Prints trim ends of whole clips and the two tunings of stack187, a line a clip.",
      "corpus_stages ravdess > stages.jsonl");
  line.app().add_option("corpus", corpus, "folder of clips")->required();
  if (const auto code = line.parse(argc, argv)) return *code;

  Stages stages;
  for (const data::ClipFile& file : data::list_clip_files(corpus).files) {
    fmt::print("{}\n", stages.of(std::filesystem::path(corpus) / file.path).dump());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("corpus_stages", [&] { return run(argc, argv); });
}
