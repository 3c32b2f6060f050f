#include <iostream>

#include "common/config/command_line.h"
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
#include "train/data/condition.h"
#include "train/run/model_folder.h"
#include "train/run/predict.h"
#include "train/run/prepared_data.h"
#include "train/run/run_folder.h"

namespace parlando::train {
namespace {

struct Arguments {
  std::filesystem::path run, data;
  std::string side = "test";
  std::vector<std::string> conditions;
  bool json = false;
};

std::optional<int> parse(int argc, char** argv, Arguments& arguments) {
  CommandLine line("evaluate",
                   "Runs a trained network on one side of its split and prints its figures.",
                   "parlando evaluate --run runs/first --split-side validation --json");
  line.app().add_option("--run", arguments.run, "finished run")->required()->type_name("DIR");
  line.app()
      .add_option("--split-side", arguments.side,
                  "which clips; each read of the test side is logged in the run")
      ->check(CLI::IsMember({"train", "validation", "test"}));
  line.app()
      .add_option("--data", arguments.data, "dataset, if it has moved since the training")
      ->type_name("DIR");
  line.app()
      .add_option("--conditions", arguments.conditions,
                  "under which the clips are tested instead: clean, 'noise 10 dB', 'pink noise 10 "
                  "dB', 'gain -20 dB', telephone; of the test side also into robustness.json")
      ->delimiter(',')
      ->allow_extra_args(false);
  line.app().add_flag("--json", arguments.json, "print JSON");
  return line.parse(argc, argv);
}

data::Side side_of(const std::string& name) {
  for (const data::Side side : {data::Side::train, data::Side::validation, data::Side::test}) {
    if (name == data::side_name(side)) return side;
  }
  fail(ErrorKind::usage, "'{}' is not a side", name);
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

/// Accuracy and UAR under each condition.
Json test_conditions(const Arguments& arguments, const data::Dataset& dataset,
                     const data::Split& split, LoadedModel& loaded) {
  const data::Side side = side_of(arguments.side);
  const std::size_t classes = loaded.description.classes.size();
  const auto alone = dist::make_single_communicator();
  Json found = Json::array();
  for (const std::string& name : arguments.conditions) {
    const ClipFeatures features =
        changed_side(dataset, split, side, loaded.description.recipe, parse_condition(name),
                     loaded.description.normalization);
    const Probabilities probabilities = predict(loaded.model, features, classes, *alone);
    metrics::ConfusionMatrix confusion(classes);
    for (std::size_t i = 0; i < features.size(); ++i)
      confusion.add(static_cast<std::size_t>(features.clips()[i].label), probabilities.best(i));
    found.push_back({{"condition", name},
                     {"accuracy", confusion.accuracy()},
                     {"uar", confusion.uar()},
                     {"n", confusion.total()}});
    log_info("{:<20} accuracy {:.4f}  UAR {:.4f}", name, confusion.accuracy(), confusion.uar());
  }
  if (side == data::Side::test)
    write_json(arguments.run / run_files::kRobustness, {{"conditions", found}});
  return found;
}

int evaluate(const Arguments& arguments) {
  for (const std::string& name : arguments.conditions) parse_condition(name);
  LoadedModel loaded = read_model_folder(arguments.run / run_files::kModel);
  data::Dataset dataset = open_dataset(arguments, loaded.description.data_hash);
  const TrainConfig config = load_train_config({(arguments.run / run_files::kConfig).string()});
  if (config.protocol.permute_labels) dataset.permute_labels(config.seed);
  config.protocol.warn();
  const std::filesystem::path split_path = arguments.run / run_files::kSplit;
  const data::Split split = data::split_from_json(read_json(split_path), split_path.string());
  const data::Side side = side_of(arguments.side);
  if (side == data::Side::test) {
    log_test_read(arguments.run, "evaluate",
                  arguments.conditions.empty()
                      ? "asked for by the user"
                      : "conditions: " + join_text(arguments.conditions, ", "),
                  split.test.size());
  }
  if (!arguments.conditions.empty()) {
    const Json found = test_conditions(arguments, dataset, split, loaded);
    if (arguments.json) std::cout << Json{{"conditions", found}}.dump(2) << "\n";
    return 0;
  }
  MemoryBudget none(0);  // every clip is read once
  const ClipFeatures features =
      open_side(dataset, split, side, loaded.description.normalization, none);
  if (features.size() == 0) {
    fail(ErrorKind::usage, "--split-side {}: the run's split has no clips on it{}", arguments.side,
         config.protocol.leaks() ? "; a leak took its place (protocol.allow_leak)" : "");
  }
  const auto alone = dist::make_single_communicator();
  const std::vector<std::string>& classes = loaded.description.classes;
  const Probabilities probabilities = predict(loaded.model, features, classes.size(), *alone);
  const auto predictions = to_predictions(probabilities, features, dataset);
  metrics::write_predictions(arguments.run / run_files::predictions(side), predictions);
  const metrics::Evaluation evaluation = metrics::evaluate_predictions(predictions, classes);
  if (arguments.json) {
    std::cout << metrics::evaluation_to_json(evaluation).dump(2) << "\n";
  } else {
    std::cout << report::metrics_table(evaluation);
  }
  return 0;
}

}  // namespace
}  // namespace parlando::train

int main(int argc, char** argv) {
  using namespace parlando;
  return run_program("parlando-evaluate", [&] {
    train::Arguments arguments;
    if (const std::optional<int> code = train::parse(argc, argv, arguments)) return *code;
    return train::evaluate(arguments);
  });
}
