#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/config/command_line.h"
#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/core/text.h"
#include "common/data/dataset.h"
#include "common/data/split.h"
#include "common/metrics/evaluation.h"
#include "common/metrics/evaluation_json.h"
#include "common/metrics/prediction.h"
#include "common/report/console_table.h"
#include "predict/predictor/predictor.h"
#include "predict/robustness/condition_results.h"
#include "predict/robustness/perturbed_side.h"
#include "train/run/inference.h"
#include "train/run/memory.h"
#include "train/run/run_folder.h"
#include "train/run/train_config.h"

namespace parlando::predict {
namespace {

namespace run_files = train::run_files;

struct Arguments {
  std::filesystem::path run, data, corpus;
  std::string side = "test";
  std::vector<std::string> conditions, perturbations;
  std::uint64_t seed = 42;
  int threads = 0;
  bool json = false;
};

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CommandLine line("evaluate",
                   "Runs a trained network on one side of its split and prints its figures.\n"
                   "With conditions also those of the same recordings changed.",
                   "parlando evaluate --run runs/first --split-side validation --conditions "
                   "snr10,telephone --json");
  CLI::App& app = line.app();
  app.add_option("--run", arguments.run, "finished run")->required()->type_name("DIR");
  app.add_option("--split-side", arguments.side,
                 "which clips; each read of the test side is logged in the run")
      ->check(CLI::IsMember({"train", "validation", "test"}));
  app.add_option("--data", arguments.data, "dataset, if it has moved since the training")
      ->type_name("DIR");
  app.add_option("--conditions,--robustness", arguments.conditions,
                 "that the recordings are tested under besides: clean, telephone, snr10 or 'noise "
                 "10 dB', 'pink noise 10 dB', gain-20 or 'gain -20 dB', of any dB; of the test "
                 "side also into robustness.json")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  app.add_option("--perturb", arguments.perturbations,
                 "another condition, 'street={op: waveform_noise, color: pink, snr_db: [5, 5]}'; "
                 "several times for several (docs/augmentation.md: on the waveform)")
      ->allow_extra_args(false)
      ->type_name("NAME=OP");
  app.add_option("--corpus", arguments.corpus,
                 "for conditions: the recordings, if they have moved since the preprocessing")
      ->type_name("DIR_OR_MANIFEST");
  app.add_option("--perturb-seed", arguments.seed, "for conditions: of all draws")
      ->capture_default_str();
  app.add_option("--threads", arguments.threads, "for conditions; 0 = all cores")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096));
  app.add_flag("--json", arguments.json, "print JSON");
  return line.parse(argc, argv);
}

data::Side side_of(const std::string& name) {
  for (const data::Side side : {data::Side::train, data::Side::validation, data::Side::test}) {
    if (name == data::side_name(side)) return side;
  }
  fail(ErrorKind::usage, "'{}' is not a side", name);
}

std::vector<Condition> conditions_of(const Arguments& arguments) {
  std::vector<Condition> conditions;
  for (const std::string& name : arguments.conditions) conditions.push_back(preset_condition(name));
  for (const std::string& text : arguments.perturbations) {
    conditions.push_back(parse_condition(text));
  }
  return conditions;
}

data::Dataset open_dataset(const Arguments& arguments, const std::string& wanted_id) {
  const std::filesystem::path environment = arguments.run / run_files::kEnvironment;
  const std::filesystem::path folder =
      arguments.data.empty()
          ? json_get<std::string>(read_json(environment), "data", environment.string())
          : arguments.data.string();
  data::Dataset dataset(folder);
  if (dataset.manifest().id != wanted_id) {
    fail(ErrorKind::artefact,
         "{}: not the dataset that the model was trained on; give it with --data", folder.string());
  }
  return dataset;
}

/// Figures of the changed recordings; the predictions stay in the run.
std::vector<ConditionResult> evaluate_conditions(const Arguments& arguments,
                                                 const ConditionDraws& draws,
                                                 const data::Dataset& dataset,
                                                 const std::vector<metrics::Prediction>& labelled) {
  const Predictor predictor(arguments.run);
  const data::Corpus corpus = dataset.corpus();
  const std::filesystem::path recordings = find_recordings(corpus, arguments.corpus);
  train::set_inference_threads(1);  // each thread below scores clips of its own
  const auto predictions =
      predict_perturbed(predictor, corpus, recordings, labelled, draws,
                        arguments.threads > 0 ? arguments.threads : available_cores());
  std::vector<ConditionResult> results;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const std::string& name = draws.conditions()[i].name;
    std::string file = fmt::format("{}-{}.jsonl", arguments.side, name);
    std::ranges::replace(file, ' ', '-');
    metrics::write_predictions(arguments.run / run_files::kConditions / file, predictions[i]);
    results.push_back({name, metrics::evaluate_predictions(predictions[i], predictor.classes())});
  }
  if (arguments.side == data::side_name(data::Side::test)) {
    write_json(arguments.run / run_files::kRobustness,
               {{"conditions", condition_results_to_json(results)}});
  }
  return results;
}

std::string reason_of(const ConditionDraws& draws) {
  std::vector<std::string> names;
  for (const Condition& condition : draws.conditions()) names.push_back(condition.name);
  return names.empty() ? "asked for by the user" : "conditions: " + join_text(names, ", ");
}

void print(const metrics::Evaluation& evaluation, std::span<const ConditionResult> results,
           bool json) {
  if (json) {
    Json document = metrics::evaluation_to_json(evaluation);
    if (!results.empty()) document["conditions"] = condition_results_to_json(results);
    std::cout << document.dump(2) << "\n";
  } else {
    std::cout << report::metrics_table(evaluation);
    if (!results.empty()) std::cout << condition_table(results);
  }
}

int evaluate(const Arguments& arguments) {
  const ConditionDraws draws(conditions_of(arguments), arguments.seed);
  const train::Inference model(arguments.run / run_files::kModel);
  data::Dataset dataset = open_dataset(arguments, model.description().data_hash);
  const train::TrainConfig config =
      train::load_train_config({(arguments.run / run_files::kConfig).string()});
  if (config.protocol.permute_labels) dataset.permute_labels(config.seed);
  config.protocol.warn();
  const std::filesystem::path split_path = arguments.run / run_files::kSplit;
  const data::Split split = data::split_from_json(read_json(split_path), split_path.string());
  const data::Side side = side_of(arguments.side);
  if (side == data::Side::test) {
    train::log_test_read(arguments.run, "evaluate", reason_of(draws), split.test.size());
  }
  const std::vector<metrics::Prediction> predictions = model.predict_side(dataset, split, side);
  if (predictions.empty()) {
    fail(ErrorKind::usage, "--split-side {}: the run's split has no clips on it{}", arguments.side,
         config.protocol.leaks() ? "; a leak took its place (protocol.allow_leak)" : "");
  }
  metrics::write_predictions(arguments.run / run_files::predictions(side), predictions);
  const metrics::Evaluation evaluation =
      metrics::evaluate_predictions(predictions, model.description().classes);
  std::vector<ConditionResult> results;
  if (!draws.conditions().empty()) {
    results = evaluate_conditions(arguments, draws, dataset, predictions);
  }
  print(evaluation, results, arguments.json);
  return 0;
}

}  // namespace
}  // namespace parlando::predict

int main(int argc, char** argv) {
  using namespace parlando;
  train::keep_freed_memory();
  return run_program("parlando-evaluate", [&] {
    predict::Arguments arguments;
    if (const std::optional<int> code = predict::parse(argc, argv, arguments)) return *code;
    return predict::evaluate(arguments);
  });
}
