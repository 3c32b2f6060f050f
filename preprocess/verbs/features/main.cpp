#include <filesystem>
#include <string>

#include "common/audio/decode.h"
#include "common/audio/feature_extractor.h"
#include "common/config/command_line.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/io/atomic_file.h"
#include "common/io/npy.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "preprocess/verbs/features/clip_features.h"

namespace {

using namespace parlando;

void list_blocks() {
  fmt::print("{}", audio::describe_blocks());
  throw CLI::Success();
}

int run(int argc, const char* const* argv) {
  std::string config_file;
  std::string clip;
  std::string out;
  std::string stage;
  CommandLine line(
      "features", "Computes the features of one clip as [rows, frames] float32 .npy.",
      "parlando features --config configs/preprocess/mel128.yaml clip.wav --out mel.npy");
  line.app().add_option("--config", config_file, "preprocess configuration (YAML)")->required();
  line.app().add_option("clip", clip, "wav or FLAC file")->required();
  line.app().add_option("--out", out, ".npy file to write")->required();
  line.app().add_option("--stage", stage,
                        "one intermediate instead: 'waveform', 'harmonic' (its harmonic part), a "
                        "block of the recipe by its name, "
                        "or any kind of block with its default keys");
  line.app().add_flag_callback("--list-blocks", list_blocks,
                               "prints all kinds of feature blocks with their keys and ends");
  if (const auto code = line.parse(argc, argv)) return *code;

  require_other_file(out, clip);
  require_other_file(out, config_file);
  const auto config = load_config<preprocess::PreprocessConfig>({config_file});
  const audio::FeatureMatrix features = preprocess::clip_features(config.recipe, clip, stage);
  const std::size_t shape[] = {features.rows, features.frames};
  write_npy(out, features.values, shape);
  log_info("{}: {} rows x {} frames", out, features.rows, features.frames);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("parlando-features", [&] { return run(argc, argv); });
}
