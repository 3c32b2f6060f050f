#include "experiments/study/folder/study_folder.h"

#include <algorithm>
#include <map>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/this_process.h"
#include "common/core/version.h"
#include "common/data/scan.h"
#include "common/io/atomic_file.h"
#include "common/io/checksum.h"
#include "common/io/file_lock.h"
#include "experiments/study/folder/hooks.h"
#include "experiments/study/plan/study_plan.h"
#include "experiments/study/row/make_row.h"

namespace parlando::study {
namespace {

namespace fs = std::filesystem;
using sweep::sweep_files::kOwn;

constexpr int kVersion = 1;
constexpr const char* kFormat = "parlando study";
constexpr const char* kStudyFile = "study.json";
constexpr const char* kMachineFile = "machine.yaml";
constexpr const char* kCorpusFile = "corpus.jsonl";
constexpr std::size_t kHashDigits = 12;

std::string short_hash(const std::vector<std::string>& fields) {
  Hasher hasher;
  for (const std::string& field : fields) hasher.update_field(field);
  return hasher.hex().substr(0, kHashDigits);
}

/// What the clips are, whatever the classes that a recipe makes of them.
std::string corpus_hash_of(const StudyRequest& request, const fs::path& out) {
  if (!fs::exists(request.corpus))
    fail(ErrorKind::usage, "--corpus {}: does not exist", request.corpus.string());
  const fs::path cache = out / kCorpusFile;
  data::ScanOptions options;
  options.cache_path = cache;
  const data::Corpus corpus = data::load_or_scan(request.corpus, options);
  data::write_corpus(cache, corpus);
  return corpus.hash();
}

/// The study's file as people name it: nothing of this machine stands in a row.
std::string portable(const std::string& file) {
  const fs::path near = fs::path(file).lexically_proximate(fs::current_path());
  return near.is_absolute() || near.string().starts_with("..") ? fs::path(file).filename().string()
                                                               : near.string();
}

std::string command_of(const StudyRequest& request, const StudyRun& run) {
  std::string command = fmt::format("parlando study run --config {} --corpus CORPUS --only {}",
                                    portable(request.config), run.name());
  for (const std::string& key : request.keys) {
    if (key.starts_with("trial.")) command += " " + key;
  }
  return command;
}

void refuse_foreign_files(const fs::path& folder) {
  if (fs::exists(folder / kStudyFile)) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool of_interrupted_start = name.find(kTemporaryMark) != std::string::npos ||
                                      name.starts_with(".lock") || name == kCorpusFile ||
                                      name == kOwn || name == kMachineFile ||
                                      name == sweep::sweep_files::kTrials;
    if (of_interrupted_start) continue;
    fail(ErrorKind::usage, "{}: holds files that are no study's ({}); give another --out folder",
         folder.string(), name);
  }
}

void require_same_study(const fs::path& folder, const std::string& name) {
  const fs::path path = folder / kStudyFile;
  if (!fs::exists(path)) return;
  const auto there = json_get<std::string>(read_json(path), "name", path.string());
  if (there == name) return;
  fail(ErrorKind::usage, "{}: holds the study {}; give another --out folder for {}",
       folder.string(), there, name);
}

/// A trial for each run; those that are there already keep their numbers.
class TrialList {
 public:
  explicit TrialList(const fs::path& file) : file_(file) {
    if (fs::exists(file)) trials_ = sweep::read_trials(file);
    for (const sweep::Trial& trial : trials_) known_.emplace(trial.own, trial.index);
  }

  int add(sweep::Trial trial) {
    const auto [entry, fresh] = known_.emplace(trial.own, static_cast<int>(trials_.size()));
    if (fresh) {
      trial.index = entry->second;
      trials_.push_back(std::move(trial));
    }
    return entry->second;
  }

  void save() const { sweep::write_trials(file_, trials_); }
  const std::vector<sweep::Trial>& trials() const { return trials_; }

 private:
  fs::path file_;
  std::vector<sweep::Trial> trials_;
  std::map<std::string, int> known_;
};

/// Its configurations and what it is for, below configurations/.
void write_own(const fs::path& folder, const StudyPlan& plan, const StudyRun& run,
               const RunIdentity& identity) {
  const fs::path last = folder / kIdentityFile;
  if (fs::exists(last)) {
    const RunIdentity there = read_identity(last);
    if (there.command == identity.command && there.robustness == identity.robustness &&
        there.side == identity.side)
      return;
  }
  write_file_atomically(folder / sweep::sweep_files::kTrain,
                        train::dump_train_config(plan.train_of(run)));
  write_file_atomically(folder / sweep::sweep_files::kPreprocess,
                        dump_config(plan.preprocess_of(run)));
  write_identity(last, identity);
}

std::string metric_of(const report::StudyConfig& config) {
  const std::string& first = config.compare.front();
  return first == "weighted_f1" ? "validation_macro_f1" : "validation_" + first;
}

/// Writes the study's trials into its folder.
void write_trials(const StudyRequest& request, const StudyPlan& plan, const fs::path& folder) {
  const std::string corpus_hash = corpus_hash_of(request, folder);
  const FolderLock lock(folder, {.wait = true});
  refuse_foreign_files(folder);
  require_same_study(folder, plan.config().name);
  TrialList list(folder / sweep::sweep_files::kTrials);
  std::vector<int> current;
  std::int64_t most_epochs = 1;
  for (const StudyRun& run : plan.runs()) {
    const std::string data_key = short_hash({run.recipe_key, corpus_hash});
    const RunIdentity identity{.study = plan.config().name,
                               .row = run.row,
                               .seed = run.seed,
                               .fold = run.fold,
                               .train_key = run.train_key,
                               .data_key = data_key,
                               .command = command_of(request, run),
                               .robustness = plan.config().robustness,
                               .side = plan.config().side};
    const std::string own =
        short_hash({run.name(), run.settings, run.train_key, data_key, plan.config().side});
    write_own(folder / kOwn / own, plan, run, identity);
    most_epochs = std::max<std::int64_t>(most_epochs, plan.train_of(run).epochs);
    current.push_back(list.add({.index = 0,
                                .configuration = 0,
                                .parameters = {},
                                .seed = run.seed,
                                .fold = run.fold,
                                .dataset = data_key,
                                .row = run.row,
                                .own = own}));
  }
  list.save();
  write_file_atomically(folder / kMachineFile,
                        dump_config(load_config<MachineConfig>({}, request.keys)));
  write_json(folder / kStudyFile,
             {{"format", kFormat},
              {"version", kVersion},
              {"name", plan.config().name},
              {"parlando", version()},
              {"written", utc_now()},
              {"corpus", fs::absolute(request.corpus).lexically_normal().string()},
              {"results", fs::absolute(request.results).lexically_normal().string()},
              {"tidy", request.tidy},
              {"side", plan.config().side},
              {"metric", metric_of(plan.config())},
              {"epochs", most_epochs},
              {"current", current}});
}

/// Lets finished runs among those that are named begin anew; one that was cut off continues.
void reopen(Study& study, const std::vector<std::size_t>& chosen) {
  std::vector<std::string> reasons(study.current.size());
  for (const std::size_t i : chosen) {
    reasons[i] = "it was asked for";
    forget_outcome(study.sweep, study.current[i], true);
  }
  study.reasons = std::move(reasons);
}

/// Whether the run is whole, and lacks tests under conditions alone.
bool leaves_a_row(const Study& study, std::size_t i) {
  try {
    make_row(study.sweep.run_folder(study.current[i]), study.identities[i]);
    return true;
  } catch (const Error&) {
    return false;
  }
}

void leave_out_all_but_open(Study& study) {
  std::set<int>& left_out = study.sweep.left_out;
  left_out.clear();
  for (const sweep::Trial& trial : study.sweep.trials) left_out.insert(trial.index);
  for (std::size_t i = 0; i < study.current.size(); ++i) {
    if (!study.reasons[i].empty()) left_out.erase(study.current[i]);
  }
}

}  // namespace

std::size_t Study::open() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(reasons, [](const std::string& reason) { return !reason.empty(); }));
}

void refresh(Study& study) {
  study.reasons.clear();
  for (std::size_t i = 0; i < study.current.size(); ++i) {
    std::string reason = why_open(study.row_of(i), study.identities[i]);
    const int trial = study.current[i];
    if (!reason.empty() && has_finished(study.sweep, trial)) {
      // Cut off between the run's end and its row, or somebody removed the row.
      try {
        write_row(study.sweep, study.results, study.sweep.trials[static_cast<std::size_t>(trial)]);
        reason = why_open(study.row_of(i), study.identities[i]);
      } catch (const Error& error) {
        reason = error.what();
      }
    }
    study.reasons.push_back(std::move(reason));
  }
  leave_out_all_but_open(study);
}

Study make_study(const StudyRequest& request) {
  const StudyPlan plan(report::load_study_config(request.config));
  const std::vector<std::size_t> chosen = chosen_runs(plan.runs(), request.only);
  const fs::path folder =
      request.out.empty() ? fs::path("studies") / plan.config().name : request.out;
  make_folder(folder);
  write_trials(request, plan, folder);
  Study study = open_study(folder);
  if (!chosen.empty()) {
    reopen(study, chosen);
    leave_out_all_but_open(study);
    return study;
  }
  for (std::size_t i = 0; i < study.current.size(); ++i) {
    const bool lost = !study.reasons[i].empty() && has_finished(study.sweep, study.current[i]);
    if (lost) forget_outcome(study.sweep, study.current[i], !leaves_a_row(study, i));
  }
  return study;
}

Study open_study(const fs::path& folder) {
  const fs::path path = folder / kStudyFile;
  const std::string source = path.string();
  if (!fs::exists(path)) {
    fail(ErrorKind::artefact,
         "{}: no study; 'parlando study run --config FILE --corpus DIR --out {}' makes one",
         folder.string(), folder.string());
  }
  const Json json = read_json(path);
  const int there = json_get<int>(json, "version", source);
  if (there != kVersion) {
    fail(ErrorKind::artefact,
         "{}: version {}, this program reads {}; remove the folder and run the study again", source,
         there, kVersion);
  }
  const auto machine = load_config<MachineConfig>({(folder / kMachineFile).string()});
  Study study;
  study.results = json_get<std::string>(json, "results", source);
  study.tidy = json_get<bool>(json, "tidy", source);
  study.current = json_get<std::vector<int>>(json, "current", source);
  sweep::Sweep& sweep = study.sweep;
  sweep.folder = fs::absolute(folder).lexically_normal();
  sweep.config.name = json_get<std::string>(json, "name", source);
  sweep.config.corpus = json_get<std::string>(json, "corpus", source);
  sweep.config.metric.name = json_get<std::string>(json, "metric", source);
  sweep.config.trial = machine.trial;
  sweep.config.slurm = machine.slurm;
  sweep.trials = sweep::read_trials(folder / sweep::sweep_files::kTrials);
  sweep.plan.rungs = {json_get<std::int64_t>(json, "epochs", source)};
  sweep.verb = "study";
  sweep.tests = json_get<std::string>(json, "side", source) == "test";
  for (const int trial : study.current) {
    const std::string& own = sweep.trials.at(static_cast<std::size_t>(trial)).own;
    study.identities.push_back(read_identity(folder / kOwn / own / kIdentityFile));
  }
  refresh(study);
  return study;
}

}  // namespace parlando::study
