#include <cstdio>

#include <fmt/format.h>

#include "common/config/command_line.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/core/signals.h"
#include "common/io/json.h"
#include "preprocess/synth/corpus_writer.h"

namespace {

using namespace parlando;

void print_summary(const preprocess::SynthOptions& options, const preprocess::SynthSummary& summary,
                   bool json) {
  if (json) {
    const Json document{{"folder", options.folder.string()},
                        {"synthetic", true},
                        {"seed", options.seed},
                        {"clips", summary.clips},
                        {"actors", summary.actors},
                        {"written", summary.written},
                        {"audio_seconds", summary.audio_seconds},
                        {"seconds", summary.seconds}};
    fmt::print("{}\n", document.dump(2));
    return;
  }
  fmt::print(
      "{}: {} clips of {} made-up actors, {:.1f} min of sound; {} written in {:.1f} s, {} were "
      "there\n",
      options.folder.string(), summary.clips, summary.actors, summary.audio_seconds / 60,
      summary.written, summary.seconds, summary.clips - summary.written);
}

int run(int argc, char** argv) {
  CommandLine command_line(
      "synth",
      "Makes a synthetic corpus with the names, channels and emotions of RAVDESS, for demos, tests "
      "and\n"
      "runs at scale. No figure on it says anything about people. Files that are there are kept.",
      "parlando synth made-up --clips 700 --seed 1");
  preprocess::SynthOptions options;
  bool json = false;
  CLI::App& app = command_line.app();
  app.add_option("DIR", options.folder,
                 "folder of the corpus: a new or an empty one, or one to complete")
      ->required();
  app.add_option("--clips", options.clips, "how many clips")->capture_default_str();
  app.add_option("--seed", options.seed, "every sound depends on it")->capture_default_str();
  app.add_option("--threads", options.threads, "0 = all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096));
  app.add_option("--actors", options.actors, "speakers; 0 = 24, fewer for few clips, more for many")
      ->capture_default_str()
      ->check(CLI::Range(0, 999999));
  app.add_flag("--json", json, "print the result as JSON");
  if (const auto code = command_line.parse(argc, argv)) return *code;

  const StopRequest stop;
  options.stop_requested = [&stop] { return stop.requested(); };
  print_summary(options, preprocess::write_synthetic_corpus(options), json);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return parlando::run_program("parlando-synth", [&] { return run(argc, argv); });
}
