#include "experiments/sweep/folder/sweep_folder.h"

#include <unistd.h>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/core/this_process.h"
#include "common/core/version.h"
#include "common/io/atomic_file.h"
#include "common/io/file_lock.h"
#include "experiments/sweep/folder/check_trials.h"
#include "experiments/sweep/space/search_space.h"
#include "train/run/train_config.h"

namespace parlando::sweep {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;

std::string numbered(int number) {
  return fmt::format("{:04}", number);
}

SweepConfig with_absolute_paths(SweepConfig config) {
  for (std::string* path : {&config.data, &config.corpus}) {
    if (!path->empty()) *path = fs::absolute(*path).lexically_normal().string();
  }
  return config;
}

/// What may not change while a sweep has results: two sweeps are one if these are equal.
Json identity_of(const SweepConfig& config, const std::string& train,
                 const std::string& preprocess) {
  const HalvingConfig halving = config.early_terminate.value_or(HalvingConfig{});
  const bool halves = config.early_terminate || config.method == "asha";
  return {
      {"train", train},
      {"preprocess", preprocess},
      {"data", config.data},
      {"corpus", config.corpus},
      {"metric", config.metric.name},
      {"early_terminate", halves ? fmt::format("{} {}", halving.min_iter, halving.eta) : "none"}};
}

void require_same_sweep(const fs::path& folder, const Json& identity) {
  const fs::path path = folder / sweep_files::kSweep;
  const Json there = json_get<Json>(read_json(path), "identity", path.string());
  std::vector<std::string> changed;
  for (const auto& [key, value] : identity.items()) {
    if (!there.contains(key) || there[key] != value) changed.push_back(key);
  }
  if (changed.empty()) return;
  fail(ErrorKind::usage, "{}: holds a sweep with another {}; give another --out folder",
       folder.string(), join_text(changed, ", "));
}

void refuse_foreign_files(const fs::path& folder) {
  if (fs::exists(folder / sweep_files::kSweep)) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool of_interrupted_start =
        name.find(kTemporaryMark) != std::string::npos || name.starts_with(".lock") ||
        name == sweep_files::kConfig || name == sweep_files::kTrain ||
        name == sweep_files::kPreprocess || name == sweep_files::kTrials;
    if (of_interrupted_start) continue;
    fail(ErrorKind::usage, "{}: holds files that are no sweep's ({}); give another --out folder",
         folder.string(), name);
  }
}

HalvingPlan plan_of(const SweepConfig& config, std::int64_t epochs) {
  const bool larger = config.metric.larger_is_better();
  if (config.method != "asha" && !config.early_terminate)
    return {.rungs = {epochs}, .eta = 1, .larger_is_better = larger};
  const HalvingConfig halving = config.early_terminate.value_or(HalvingConfig{});
  return halving_plan(halving.min_iter, epochs, halving.eta, larger);
}

}  // namespace

fs::path Sweep::trial_folder(int trial) const {
  return folder / "trials" / numbered(trial);
}

fs::path Sweep::outcome(int trial) const {
  return folder / sweep_files::kOutcomes / (numbered(trial) + ".json");
}

fs::path Sweep::rung_entry(int rung, int trial) const {
  return folder / sweep_files::kRungs / std::to_string(rung) / (numbered(trial) + ".json");
}

fs::path Sweep::train_file(const Trial& trial) const {
  const fs::path base = trial.own.empty() ? folder : folder / sweep_files::kOwn / trial.own;
  return base / sweep_files::kTrain;
}

fs::path Sweep::preprocess_file(const Trial& trial) const {
  const fs::path base = trial.own.empty() ? folder : folder / sweep_files::kOwn / trial.own;
  return base / sweep_files::kPreprocess;
}

fs::path Sweep::dataset(const Trial& trial) const {
  return trial.dataset.empty() ? fs::path(config.data)
                               : folder / sweep_files::kDatasets / trial.dataset;
}

std::vector<Trial> read_trials(const fs::path& path) {
  std::vector<Trial> trials;
  const std::vector<std::string> lines = split_text(read_file(path), '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const std::string source = fmt::format("{}:{}", path.string(), i + 1);
    trials.push_back(trial_from_json(parse_json(lines[i], source), source));
    if (trials.back().index != static_cast<int>(trials.size()) - 1)
      fail(ErrorKind::artefact, "{}: trial {} is out of order", source, trials.back().index);
  }
  if (trials.empty()) fail(ErrorKind::artefact, "{}: holds no trial", path.string());
  return trials;
}

void write_trials(const fs::path& path, const std::vector<Trial>& trials) {
  std::string text;
  for (const Trial& trial : trials) text += trial_to_json(trial).dump() + "\n";
  write_file_atomically(path, text);
}

Sweep create_sweep(const SweepConfig& given, const fs::path& folder) {
  const SweepConfig config = with_absolute_paths(given);
  const std::string train = train::dump_train_config(train::load_train_config({config.train}));
  const std::string preprocess = effective_preprocess(config);
  std::vector<Trial> trials = make_trials(config);
  check_trials(config, trials);

  make_folder(folder);
  const FolderLock lock(folder, {.wait = true});
  refuse_foreign_files(folder);
  const Json identity = identity_of(config, train, preprocess);
  if (fs::exists(folder / sweep_files::kSweep)) {
    require_same_sweep(folder, identity);
    trials = extend_trials(read_trials(folder / sweep_files::kTrials), trials);
  }
  write_file_atomically(folder / sweep_files::kTrain, train);
  if (!preprocess.empty()) write_file_atomically(folder / sweep_files::kPreprocess, preprocess);
  write_trials(folder / sweep_files::kTrials, trials);
  write_file_atomically(folder / sweep_files::kConfig, dump_sweep_config(config));
  if (!fs::exists(folder / sweep_files::kSweep)) {
    write_json(folder / sweep_files::kSweep, {{"format", "parlando sweep"},
                                              {"version", kVersion},
                                              {"name", config.name},
                                              {"parlando", version()},
                                              {"created", utc_now()},
                                              {"identity", identity}});
  }
  return open_sweep(folder);
}

Sweep open_sweep(const fs::path& folder) {
  const fs::path path = folder / sweep_files::kSweep;
  if (!fs::exists(path)) {
    fail(ErrorKind::artefact, "{}: no sweep; 'parlando sweep run --config FILE --out {}' makes one",
         folder.string(), folder.string());
  }
  const int there = json_get<int>(read_json(path), "version", path.string());
  if (there != kVersion) {
    fail(ErrorKind::artefact, "{}: version {}, this program reads {}; make the sweep anew",
         path.string(), there, kVersion);
  }
  Sweep sweep;
  sweep.folder = fs::absolute(folder).lexically_normal();
  sweep.config = load_sweep_config((folder / sweep_files::kConfig).string(), {});
  sweep.trials = read_trials(folder / sweep_files::kTrials);
  const train::TrainConfig first = train::load_train_config(
      {(folder / sweep_files::kTrain).string()}, sweep.trials.front().train_keys());
  sweep.plan = plan_of(sweep.config, first.epochs);
  return sweep;
}

fs::path round_file(const Sweep& sweep, int round) {
  return sweep.folder / sweep_files::kRounds / (numbered(round) + ".json");
}

int begin_round(const Sweep& sweep, const std::string& kind) {
  const FolderLock lock(sweep.folder, {.wait = true});
  int round = 1;
  while (fs::exists(round_file(sweep, round))) ++round;
  write_json(round_file(sweep, round),
             {{"kind", kind}, {"started", utc_now()}, {"host", host_name()}, {"pid", getpid()}});
  return round;
}

}  // namespace parlando::sweep
