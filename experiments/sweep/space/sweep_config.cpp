#include "experiments/sweep/space/sweep_config.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::sweep {
namespace {

constexpr const char* kLoss = "validation_loss";

std::vector<std::string> metric_names() {
  return {"validation_accuracy", "validation_uar", "validation_macro_f1", kLoss};
}

}  // namespace

void MetricConfig::validate() const {
  const std::vector<std::string> known = metric_names();
  if (std::ranges::find(known, name) == known.end()) {
    const bool of_test =
        name.starts_with("test") || std::ranges::find(known, "validation_" + name) != known.end();
    if (of_test) {
      fail(ErrorKind::usage,
           "name: '{}': a sweep chooses by the validation side alone; chosen on test clips, a "
           "figure of theirs says nothing any more. Take one of {}",
           name, join_text(known, ", "));
    }
    const std::string near = nearest(name, known);
    fail(ErrorKind::usage, "name: unknown metric '{}'; {}", name,
         near.empty() ? "one of " + join_text(known, ", ")
                      : fmt::format("did you mean '{}'?", near));
  }
  if (!goal.empty() && (goal == "minimize") != (name == kLoss))
    fail(ErrorKind::usage, "goal: to {} {} would look for the worst trial", goal, name);
}

bool MetricConfig::larger_is_better() const {
  return name != kLoss;
}

void SlurmConfig::validate() const {
  constexpr std::array kOwn{"array",     "export", "export-file", "parsable",
                            "test-only", "wait",   "wrap"};
  for (const auto& [name, value] : additional_parameters) {
    const bool option =
        !name.empty() && name.front() != '-' &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!option) {
      fail(ErrorKind::usage,
           "additional_parameters: '{}' is no option of sbatch; give its long name without dashes "
           "in front, such as comment",
           name);
    }
    if (std::ranges::find(kOwn, name) != kOwn.end())
      fail(ErrorKind::usage, "additional_parameters: {}: the sweep sets it itself", name);
  }
}

namespace {

template <class T>
void refuse_twice(const char* key, std::vector<T> values) {
  std::ranges::sort(values);
  const auto twice = std::ranges::adjacent_find(values);
  if (twice == values.end()) return;
  fail(ErrorKind::usage, "{}: {} stands twice, and would train the same twice", key, *twice);
}

}  // namespace

void SweepConfig::validate() const {
  const bool one_line = std::ranges::none_of(
      name, [](char c) { return std::iscntrl(static_cast<unsigned char>(c)) != 0; });
  if (name.empty() || !one_line)
    fail(ErrorKind::usage, "name: must be one line of text; jobs, reports and best.yaml bear it");
  refuse_twice("seeds", seeds);
  refuse_twice("folds", folds);
  if (parameters.empty()) {
    fail(ErrorKind::usage,
         "parameters: is empty; name at least one key, for instance optimizer.learning_rate: "
         "{{values: [0.001, 0.003]}}");
  }
  if (method != "grid" && run_cap == 0)
    fail(ErrorKind::usage, "run_cap: method {} needs the number of configurations to draw", method);
  const bool makes = !preprocess.empty() || !corpus.empty();
  if (makes && !data.empty())
    fail(ErrorKind::usage, "data: and preprocess: exclude each other; keep one of them");
  if (makes && (preprocess.empty() || corpus.empty()))
    fail(ErrorKind::usage, "preprocess: and corpus: belong together; one is missing");
  if (!makes && data.empty())
    fail(ErrorKind::usage, "data: is missing: the dataset to train on, or preprocess: and corpus:");
  if ((method == "asha" || early_terminate) && repetitions() > 1) {
    fail(ErrorKind::usage,
         "seeds: and folds: early stopping of trials compares single trials, so a configuration "
         "with several is not compared as a whole; take one, or method grid or random without "
         "early_terminate");
  }
}

std::size_t SweepConfig::repetitions() const {
  return std::max<std::size_t>(1, seeds.size()) * std::max<std::size_t>(1, folds.size());
}

SweepConfig load_sweep_config(const std::string& file, const std::vector<std::string>& overrides) {
  return load_config<SweepConfig>({file}, overrides);
}

std::string dump_sweep_config(const SweepConfig& config) {
  return dump_config(config);
}

std::string describe_sweep_config() {
  return describe_config<SweepConfig>();
}

}  // namespace parlando::sweep
