#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/config/command_line.h"
#include "common/core/error.h"
#include "common/core/program.h"
#include "common/data/layout.h"
#include "common/data/scan.h"
#include "common/data/split.h"
#include "common/data/split_import.h"
#include "common/io/atomic_file.h"
#include "preprocess/verbs/split/split_table.h"

namespace {

using namespace parlando;

const std::vector<std::string> kSchemes{
    "stratified",  "stratified-pairs",      "kfold", "kfold-pairs", "luna5", "emobox6", "loso",
    "group-kfold", "stratified-group-kfold"};

/// What divides the corpus where no split is imported.
const std::vector<std::string> kDrawOptions{"--scheme",
                                            "--seed",
                                            "--by",
                                            "--fold",
                                            "--folds",
                                            "--no-shuffle",
                                            "--inner-fold",
                                            "--inner-folds",
                                            "--validation-from",
                                            "--validation-speakers",
                                            "--train-channels",
                                            "--validation-channels",
                                            "--test-channels",
                                            "--test-fraction",
                                            "--validation-fraction"};

void add_split_options(CLI::App& app, data::SplitConfig& config) {
  app.add_option("--scheme", config.scheme, "how clips are divided")
      ->check(CLI::IsMember(kSchemes))
      ->capture_default_str();
  app.add_option("--seed", config.seed, "of the draw; scikit-learn's random_state")
      ->capture_default_str();
  app.add_option("--by", config.by, "strata")
      ->check(CLI::IsMember(std::vector<std::string>{"emotion", "emotion-channel"}))
      ->capture_default_str();
  app.add_option("--fold", config.fold,
                 "fold that tests, from 0; for stratified the number of the draw")
      ->capture_default_str();
  app.add_option("--folds", config.folds, "number of folds, schemes *kfold*")
      ->check(CLI::Range(2, 1000000))
      ->capture_default_str();
  app.add_flag_callback(
      "--no-shuffle", [&config] { config.shuffle = false; }, "folds in the order of the corpus");
  app.add_option("--inner-fold", config.inner_fold,
                 "nested folds: this fold of the clips outside the test side validates");
  app.add_option("--inner-folds", config.inner_folds, "number of inner folds")
      ->check(CLI::Range(2, 1000000))
      ->capture_default_str();
  app.add_option("--validation-from", config.validation_from,
                 "speakers that validate: luna5's published ones, or the next fold's")
      ->check(CLI::IsMember(std::vector<std::string>{"published", "next-fold"}))
      ->capture_default_str();
  app.add_option("--validation-speakers", config.validation_speakers, "speakers that validate")
      ->delimiter(',')
      ->default_str("");
  const auto channels = [&](const char* name, std::vector<std::string>& names) {
    app.add_option(name, names, "leave clips of other channels out of this side")
        ->delimiter(',')
        ->default_str("");
  };
  channels("--train-channels", config.channels.train);
  channels("--validation-channels", config.channels.validation);
  channels("--test-channels", config.channels.test);
  app.add_option("--test-fraction", config.test_fraction, "share of the test side")
      ->check(CLI::Range(0.01, 0.9))
      ->capture_default_str();
  app.add_option("--validation-fraction", config.validation_fraction,
                 "share of the clips outside the test side that validates")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
}

void refuse_draw_options(const CLI::App& app) {
  for (const std::string& name : kDrawOptions) {
    if (app.count(name) == 0) continue;
    fail(ErrorKind::usage, "--import takes the sides as they are: {} can't go with it", name);
  }
}

int run(int argc, const char* const* argv) {
  std::string source;
  std::string out;
  std::string import;
  std::vector<std::string> tolerates;
  bool json = false;
  std::size_t allowed = 0;
  std::string classes = "own";
  data::ScanOptions scan;
  data::SplitConfig config;
  CommandLine line(
      "split", "Divides a corpus into train, validation and test clips.",
      "parlando split --corpus ravdess --scheme stratified --seed 42 --out split.json");
  CLI::App& app = line.app();
  app.add_option("--corpus", source, "folder or list of clips, or the manifest that scan wrote")
      ->required();
  app.add_option("--layout", scan.labels.layout, "of the file names in a folder")
      ->check(CLI::IsMember(data::layout_names()))
      ->capture_default_str();
  app.add_option("--classes", classes, "own, seven, common, or a YAML file with a block 'classes'")
      ->capture_default_str();
  add_split_options(app, config);
  CLI::Option* import_option = app.add_option(
      "--import", import,
      "take the sides of a file made elsewhere: CSV with clip (or path) and side, or JSON with "
      "lists train, validation and test; no option that draws a split goes with it");
  app.add_option("--tolerate", tolerates, "relations that an imported split declares")
      ->needs(import_option)
      ->delimiter(',')
      ->default_str("");
  app.add_option("--out", out, "split to write (JSON)")->required();
  app.add_option("--allow-defects", allowed, "defective files accepted; more end with code 3");
  app.add_flag("--json", json, "print the split as one JSON document");
  if (const auto code = line.parse(argc, argv)) return *code;
  if (!import.empty()) refuse_draw_options(app);

  require_other_file(out, source);
  require_other_file(out, import);
  scan.labels.classes = data::load_class_config(classes);
  const data::Corpus corpus = data::load_or_scan(source, scan);
  const data::Split split = import.empty() ? data::make_split(corpus, config)
                                           : data::load_split(import, corpus, tolerates);
  const Json document = data::split_to_json(split);
  write_json(out, document);
  if (json) {
    fmt::print("{}\n", document.dump(2));
  } else {
    fmt::print("{}", preprocess::split_table(corpus, split));
  }
  data::refuse_defects(corpus, allowed);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("parlando-split", [&] { return run(argc, argv); });
}
