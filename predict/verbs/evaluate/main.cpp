#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "common/config/command_line.h"
#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/data/dataset.h"
#include "common/data/split.h"
#include "common/metrics/evaluation.h"
#include "common/metrics/evaluation_json.h"
#include "common/metrics/prediction.h"
#include "common/report/console_table.h"
#include "train/run/inference.h"
#include "train/run/run_folder.h"

#include "predict/predictor/predictor.h"
#include "predict/robustness/condition_results.h"
#include "predict/robustness/perturbed_side.h"

namespace parlando::predict {
namespace {

namespace run_files = train::run_files;

struct Arguments {
  std::filesystem::path run, data, corpus;
  std::string side = "test";
  std::vector<std::string> presets, perturbations;
  std::uint64_t seed = 42;
  int threads = 0;
  bool json = false;
};

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CommandLine line("evaluate",
                   "Runs a trained network on one side of its split and prints its figures.\n"
                   "With conditions also those of the same clips with their waveforms changed.",
                   "parlando evaluate --run runs/first --corpus recordings --robustness "
                   "clean,snr10,telephone --json");
  CLI::App& app = line.app();
  app.add_option("--run", arguments.run, "finished run")->required()->type_name("DIR");
  app.add_option("--split-side", arguments.side,
                 "which clips; each read of the test side is logged in the run")
      ->check(CLI::IsMember({"train", "validation", "test"}));
  app.add_option("--data", arguments.data, "dataset, if it has moved since the training")
      ->type_name("DIR");
  app.add_option("--robustness", arguments.presets,
                 "conditions: clean, telephone, snr and dB (snr10), gain and dB (gain-20, gain+6)")
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
  for (const std::string& name : arguments.presets) conditions.push_back(preset_condition(name));
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

/// Figures of the changed clips; the predictions stay in the run, beside those of the clips as they
/// are.
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
    metrics::write_predictions(
        arguments.run / run_files::kRobustness / fmt::format("{}-{}.jsonl", arguments.side, name),
        predictions[i]);
    results.push_back({name, metrics::evaluate_predictions(predictions[i], predictor.classes())});
  }
  return results;
}

int evaluate(const Arguments& arguments) {
  const ConditionDraws draws(conditions_of(arguments), arguments.seed);
  const train::Inference model(arguments.run / run_files::kModel);
  const data::Dataset dataset = open_dataset(arguments, model.description().data_hash);
  const std::filesystem::path split_path = arguments.run / run_files::kSplit;
  const data::Split split = data::split_from_json(read_json(split_path), split_path.string());
  const data::Side side = side_of(arguments.side);
  const auto log_read = [&](const std::string& reason) {
    if (side != data::Side::test) return;
    train::log_test_read(arguments.run, "evaluate", reason, split.test.size());
  };
  log_read("asked for by the user");
  const std::vector<metrics::Prediction> predictions = model.predict_side(dataset, split, side);
  metrics::write_predictions(arguments.run / run_files::predictions(side), predictions);
  const metrics::Evaluation evaluation =
      metrics::evaluate_predictions(predictions, model.description().classes);
  std::vector<ConditionResult> results;
  if (!draws.conditions().empty()) {
    for (const Condition& condition : draws.conditions()) log_read("condition " + condition.name);
    results = evaluate_conditions(arguments, draws, dataset, predictions);
  }
  if (arguments.json) {
    Json document = metrics::evaluation_to_json(evaluation);
    if (!results.empty()) document["robustness"] = condition_results_to_json(results);
    std::cout << document.dump(2) << "\n";
  } else {
    std::cout << report::metrics_table(evaluation);
    if (!results.empty()) std::cout << condition_table(results);
  }
  return 0;
}

}  // namespace
}  // namespace parlando::predict

int main(int argc, char** argv) {
  using namespace parlando;
  return run_program("parlando-evaluate", [&] {
    predict::Arguments arguments;
    if (const std::optional<int> code = predict::parse(argc, argv, arguments)) return *code;
    return predict::evaluate(arguments);
  });
}
