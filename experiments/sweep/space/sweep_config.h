#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/config/schema.h"

namespace parlando::sweep {

/// One key of the search space: a fixed value, a list, or a distribution (distribution.h).
struct Parameter {
  std::optional<YamlText> value;
  std::vector<YamlText> values;
  std::vector<double> probabilities;
  std::string distribution;
  std::optional<YamlText> min, max;
  std::optional<double> mu, sigma, q;
  std::map<std::string, YamlText> when;
  std::map<std::string, Parameter> parameters;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("value", value, {.help = "the same in all trials"});
    v.field("values", values, {.help = "one of these"});
    v.field("probabilities", probabilities, {.help = "of the values; none = equal ones", .min = 0});
    v.field("distribution", distribution,
            {.help = "default: constant for value, categorical for values, int_uniform for whole "
                     "bounds, uniform for others",
             .choices = {"", "constant", "categorical", "int_uniform", "uniform", "q_uniform",
                         "log_uniform", "log_uniform_values", "q_log_uniform_values", "normal",
                         "q_normal", "log_normal", "q_log_normal"}});
    v.field("min", min, {.help = "lower bound; of the logarithm for log_uniform"});
    v.field("max", max, {.help = "upper bound; of the logarithm for log_uniform"});
    v.field("mu", mu, {.help = "mean; of the logarithm for log_normal (default 0)"});
    v.field("sigma", sigma,
            {.help = "standard deviation; of the logarithm for log_normal (default 1)", .min = 0});
    v.field("q", q, {.help = "step that draws are rounded to (default 1)", .min = 0});
    v.field("when", when,
            {.help = "only in trials where these parameters have this value, or one of a list"});
    v.field("parameters", parameters, {.help = "keys below this one"});
  }
};

struct MetricConfig {
  std::string name;
  std::string goal;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("name", name,
            {.help = "validation_accuracy, validation_uar, validation_macro_f1 or validation_loss",
             .required = true});
    v.field("goal", goal,
            {.help = "default: minimize for the loss, maximize for the others",
             .choices = {"", "maximize", "minimize"}});
  }
  /// Throws Error(usage) for a metric of the test side, an unknown one, or a goal against its
  /// sense.
  void validate() const;

  bool larger_is_better() const;
};

/// Asynchronous successive halving (Li et al., "A system for massively parallel hyperparameter
/// tuning", 2020): of the trials that came to a rung the best 1/eta go on to the next.
struct HalvingConfig {
  std::string type = "asha";
  std::int64_t min_iter = 1;
  double eta = 3;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("type", type, {.help = "how trials are stopped", .choices = {"asha", "hyperband"}});
    v.field(
        "min_iter", min_iter,
        {.help = "the first rung; the last is the training's epochs", .unit = "epochs", .min = 1});
    v.field("eta", eta,
            {.help = "one of so many trials of a rung goes on", .min = 1.5, .max = 100});
  }
};

/// What a trial runs on.
struct TrialConfig {
  int ranks = 1;
  int threads = 1;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("ranks", ranks, {.help = "processes of a trial", .min = 1, .max = 4096});
    v.field("threads", threads, {.help = "of each rank", .min = 1, .max = 4096});
  }
};

/// How `sweep submit` asks for the array job. Times in minutes, as submitit has them.
struct SlurmConfig {
  std::string partition, account, qos, constraint;
  int timeout_min = 60;
  int nodes = 1;
  int mem_gb = 0;
  int gpus_per_node = 0;
  int array_parallelism = 256;
  int trials_per_element = 1;
  int signal_delay_s = 120;
  std::string script;
  std::map<std::string, std::string> additional_parameters;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("partition", partition, {.help = "--partition"});
    v.field("account", account, {.help = "--account"});
    v.field("qos", qos, {.help = "--qos"});
    v.field("constraint", constraint, {.help = "--constraint"});
    v.field("timeout_min", timeout_min, {.help = "of an element", .unit = "min", .min = 1});
    v.field("nodes", nodes, {.help = "of an element", .min = 1});
    v.field("mem_gb", mem_gb, {.help = "of a node; 0 = the cluster's default", .min = 0});
    v.field("gpus_per_node", gpus_per_node, {.help = "--gpus-per-node; 0 = none", .min = 0});
    v.field("array_parallelism", array_parallelism,
            {.help = "elements that run at the same time", .min = 1});
    v.field("trials_per_element", trials_per_element,
            {.help = "one after the other; several where trials are short", .min = 1});
    v.field("signal_delay_s", signal_delay_s,
            {.help = "before the time limit, for a checkpoint", .unit = "s", .min = 0});
    v.field("script", script, {.help = "another batch script than slurm/sweep.sbatch"});
    v.field("additional_parameters", additional_parameters,
            {.help = "further options of sbatch, without the dashes"});
  }
  /// Throws Error(usage) for an option that is none, or that the sweep needs for itself.
  void validate() const;
};

/// A sweep: configs/sweep/*.yaml. The keys follow those of W&B's sweeps where there is one.
struct SweepConfig {
  std::string name = "sweep";
  std::string method;
  std::int64_t run_cap = 0;
  std::uint64_t seed = 1;
  std::string train;
  std::string data;
  std::string preprocess;
  std::string corpus;
  MetricConfig metric;
  std::map<std::string, Parameter> parameters;
  std::vector<std::uint64_t> seeds;
  std::vector<int> folds;
  std::optional<HalvingConfig> early_terminate;
  TrialConfig trial;
  SlurmConfig slurm;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("name", name, {.help = "of the sweep, for reports and jobs"});
    v.field("method", method,
            {.help = "every combination, draws, or draws with successive halving",
             .choices = {"grid", "random", "asha"},
             .required = true});
    v.field("run_cap", run_cap,
            {.help = "configurations at the most; random and asha need it; 0 = all of the grid",
             .min = 0,
             .max = 1e6});
    v.field("seed", seed, {.help = "of the draws"});
    v.field("train", train, {.help = "training configuration", .required = true});
    v.field("data", data, {.help = "dataset; or preprocess and corpus"});
    v.field("preprocess", preprocess, {.help = "preprocess configuration of the sweep's datasets"});
    v.field("corpus", corpus, {.help = "corpus of the sweep's datasets"});
    v.field("metric", metric, {.help = "what is compared", .required = true});
    v.field("parameters", parameters,
            {.help = "search space: keys of the training, and of preprocess as preprocess.KEY"});
    v.field("seeds", seeds, {.help = "each configuration is trained with each of these"});
    v.field("folds", folds, {.help = "and with each of these split.fold"});
    v.field("early_terminate", early_terminate, {.help = "stop bad trials early"});
    v.field("trial", trial, {.help = "what a trial runs on"});
    v.field("slurm", slurm, {.help = "how the array job is asked for"});
  }
  /// Throws Error(usage) for keys that contradict each other.
  void validate() const;

  /// Folds and seeds that each configuration is trained with; at least one.
  std::size_t repetitions() const;
};

/// Reads a sweep's file; paths in it are relative to the working folder. Throws Error(usage)
/// naming file, line and key.
SweepConfig load_sweep_config(const std::string& file, const std::vector<std::string>& overrides);
std::string dump_sweep_config(const SweepConfig& config);
std::string describe_sweep_config();

}  // namespace parlando::sweep
