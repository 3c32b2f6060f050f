#include <algorithm>
#include <iostream>

#include <unistd.h>

#include "common/config/command_line.h"
#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/program.h"
#include "predict/input/clip_list.h"
#include "predict/verbs/predict/runs.h"
#include "train/run/inference.h"
#include "train/run/memory.h"

namespace parlando::predict {
namespace {

constexpr std::size_t kWidestName = 60;

std::optional<int> parse(int argc, char** argv, PredictOptions& options) {
  CommandLine line("predict",
                   "Says what a trained network hears in recordings, by the path that was "
                   "evaluated.",
                   "parlando predict --model runs/first clips --json");
  CLI::App& app = line.app();
  app.add_option("--model", options.model, "finished run, or its folder model/")
      ->required()
      ->type_name("DIR");
  app.add_option("inputs", options.inputs,
                 "wav and FLAC files, folders of them at any depth, or - for a list of them on "
                 "stdin, one a line")
      ->default_str("")
      ->type_name("CLIP|FOLDER|-");
  app.add_flag("--json", options.json, "a line of JSON for each clip instead of a table");
  app.add_flag("--attention", options.attention, "also where in the clip the network looked");
  CLI::Option* window =
      app.add_option("--window", options.window,
                     "seconds: long recordings in windows, and their timeline; 0 = as long as the "
                     "network's input")
          ->check(CLI::Range(0.0, 3600.0).description(""))
          ->type_name("SECONDS");
  CLI::Option* stream =
      app.add_flag("--stream", options.stream,
                   "sound on stdin, a wav file or samples alone, in windows as it comes");
  app.add_option("--hop", options.hop, "from one window to the next; 0 = half a window")
      ->check(CLI::Range(0.0, 3600.0).description(""))
      ->type_name("SECONDS")
      ->capture_default_str();
  app.add_option("--rate", options.format.sample_rate, "of samples without a header, Hz")
      ->needs(stream)
      ->check(CLI::Range(1000, 768000))
      ->capture_default_str();
  app.add_option("--channels", options.format.channels, "of samples without a header")
      ->needs(stream)
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--encoding", options.format.encoding,
                 "of samples without a header, little-endian")
      ->needs(stream)
      ->check(CLI::IsMember(pcm_encodings()))
      ->capture_default_str();
  app.add_option("--threads", options.threads, "0 = all cores")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  if (const auto code = line.parse(argc, argv)) return code;
  const bool windows = options.stream || window->count() > 0;
  if (options.hop > 0 && !windows) {
    fail(ErrorKind::usage, "--hop: needs --window or --stream");
  }
  if (options.attention && windows) {
    fail(ErrorKind::usage, "--attention: is of clips as wholes, without --window and --stream");
  }
  if (options.stream == !options.inputs.empty()) {
    fail(ErrorKind::usage, "{}",
         options.stream ? "--stream reads stdin; name no clips"
                        : "name clips, folders or - (a list on stdin)");
  }
  return std::nullopt;
}

std::size_t name_columns(const ClipList& list) {
  std::size_t columns = 0;
  for (const std::string& path : list.paths) columns = std::max(columns, path.size());
  return std::min(columns, kWidestName);
}

int predict(const PredictOptions& options) {
  if (options.stream && isatty(STDIN_FILENO) != 0) {
    fail(ErrorKind::usage, "--stream: stdin is a terminal; pipe sound into it");
  }
  train::set_inference_threads(1);  // each thread scores clips of its own
  const Predictor predictor(options.model);
  Output::Options looks{.json = options.json,
                        .attention = options.attention,
                        .attention_step = predictor.attention_step(),
                        .clip_columns = 0};
  if (options.stream) {
    Output output(predictor.classes(), looks);
    predict_stream(predictor, options, output);
    return 0;
  }
  const ClipList list = list_clips(options.inputs, std::cin);
  looks.clip_columns = name_columns(list);
  Output output(predictor.classes(), looks);
  for (const data::Defect& defect : list.defects) output.defect(defect.path, defect.reason);
  const int threads = options.threads > 0 ? options.threads : available_cores();
  const auto run = options.window ? predict_windows : predict_clips;
  const std::size_t unusable =
      list.defects.size() + run(predictor, list.paths, options, threads, output);
  const std::size_t all = list.defects.size() + list.paths.size();
  if (all == 0) fail(ErrorKind::data, "the list on stdin names no clip");
  if (unusable > 0) {
    fail(ErrorKind::data, "{} of {} can't be used, named above; the others are done", unusable,
         all);
  }
  return 0;
}

}  // namespace
}  // namespace parlando::predict

int main(int argc, char** argv) {
  using namespace parlando;
  train::keep_freed_memory();
  return run_program("parlando-predict", [&] {
    predict::PredictOptions options;
    if (const std::optional<int> code = predict::parse(argc, argv, options)) return *code;
    return predict::predict(options);
  });
}
