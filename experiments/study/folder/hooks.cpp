#include "experiments/study/folder/hooks.h"

#include <set>

#include "common/core/child_process.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "common/core/this_process.h"
#include "common/io/file_lock.h"
#include "common/io/json.h"
#include "experiments/study/folder/study_folder.h"
#include "experiments/study/row/make_row.h"
#include "experiments/sweep/work/heartbeat.h"
#include "experiments/sweep/work/sweep_state.h"

namespace parlando::study {
namespace {

namespace fs = std::filesystem;

/// What was there had other figures, or the same: the answer to "does it repeat?".
void compare_with(const fs::path& file, const report::StudyRow& row, const std::string& name) {
  if (!fs::exists(file)) return;
  try {
    const report::StudyRow before = report::read_study_row(file);
    const bool same_task = before.made_by.train_key == row.made_by.train_key &&
                           before.made_by.data_key == row.made_by.data_key;
    if (!same_task) return;
    if (before.figures == row.figures && before.confusion.accuracy() == row.confusion.accuracy()) {
      log_info("{}: the figures equal those of the row that was there", name);
    } else {
      log_warning("{}: accuracy {:.4f}, the row that was there had {:.4f} (made on {}, here {})",
                  name, row.figures.accuracy, before.figures.accuracy, before.made_by.processor,
                  row.made_by.processor);
    }
  } catch (const Error&) {  // what can't be read can't be compared
  }
}

std::size_t index_of(int trial) {
  return static_cast<std::size_t>(trial);
}

fs::path rung_file(const sweep::Sweep& sweep, int trial) {
  return sweep.rung_entry(static_cast<int>(sweep.plan.rungs.size()) - 1, trial);
}

RunIdentity identity_of(const sweep::Sweep& sweep, const sweep::Trial& trial) {
  return read_identity(sweep.folder / sweep::sweep_files::kOwn / trial.own / kIdentityFile);
}

std::vector<std::string> untested(const fs::path& file, std::vector<std::string> wanted) {
  if (!fs::exists(file)) return wanted;
  for (const Json& found : json_get<Json>(read_json(file), "conditions", file.string()))
    std::erase(wanted, json_get<std::string>(found, "condition", file.string()));
  return wanted;
}

}  // namespace

bool has_finished(const sweep::Sweep& sweep, int trial) {
  const fs::path outcome = sweep.outcome(trial);
  return fs::exists(outcome) &&
         json_get<std::string>(read_json(outcome), "status", outcome.string()) == "finished";
}

void test_conditions(const sweep::Sweep& sweep, const sweep::Trial& trial) {
  const RunIdentity identity = identity_of(sweep, trial);
  const fs::path run = sweep.run_folder(trial.index);
  const std::vector<std::string> missing = untested(run / "robustness.json", identity.robustness);
  if (missing.empty()) return;
  // The program writes those that it is given: all of them.
  std::vector<std::string> command{sibling_program("parlando-evaluate"), "--run", run.string(),
                                   "--data", sweep.dataset(trial).string()};
  for (const std::string& name : identity.robustness)
    command.insert(command.end(), {"--conditions", name});
  const ChildResult result = run_child(command);
  if (result.exit_code == 0) return;
  fail(ErrorKind::data, "the test under conditions ended with code {}: {}", result.exit_code,
       trim_text(result.errors));
}

void write_row(const sweep::Sweep& sweep, const fs::path& results, const sweep::Trial& trial) {
  const RunIdentity identity = identity_of(sweep, trial);
  const report::StudyRow row = make_row(sweep.run_folder(trial.index), identity);
  const fs::path file = row_file(results, identity);
  compare_with(file, row, sweep::trial_name(trial));
  report::write_study_row(file, row);
}

void forget_outcome(const sweep::Sweep& sweep, int trial, bool with_run) {
  if (!fs::exists(sweep.outcome(trial))) return;
  try {
    const FolderLock lock(sweep.trial_folder(trial), LockOptions{});
    // The outcome last: cut off before, the trial still counts as ended, and is forgotten again.
    if (with_run) fs::remove_all(sweep.run_folder(trial));
    fs::remove(rung_file(sweep, trial));
    fs::remove(sweep.outcome(trial));
  } catch (const FolderHeld&) {
    log_warning("{}: somebody works on it; it is left as it is",
                sweep::trial_name(sweep.trials[index_of(trial)]));
  }
}

void remove_checkpoints(const sweep::Sweep& sweep, const sweep::Trial& trial) {
  std::error_code ignored;
  fs::remove_all(sweep.run_folder(trial.index) / "checkpoints", ignored);
}

void remove_spent_dataset(const sweep::Sweep& sweep, const std::string& dataset, int except) {
  const fs::path folder = sweep.folder / sweep::sweep_files::kDatasets / dataset;
  if (!fs::exists(folder)) return;
  const sweep::SweepState state(sweep);
  for (const sweep::Trial& trial : sweep.trials) {
    if (trial.dataset != dataset || trial.index == except) continue;
    const bool open = !sweep.left_out.contains(trial.index) && !state.finished(trial.index);
    if (open || sweep::worker_of(sweep.trial_folder(trial.index))) return;
  }
  try {
    const FolderLock making(folder.parent_path(), LockOptions{.file = "." + dataset + ".lock"});
    // Without its manifest it is no dataset: whoever needs it makes it again.
    fs::remove(folder / "manifest.json");
    fs::remove_all(folder);
  } catch (const FolderHeld&) {  // somebody is about to use it
  }
}

void add_hooks(Study& study) {
  study.sweep.on_finished = [&study](const sweep::Trial& trial) {
    test_conditions(study.sweep, trial);
    write_row(study.sweep, study.results, trial);
  };
  if (!study.tidy) return;
  study.sweep.on_settled = [&study](const sweep::Trial& trial) {
    remove_checkpoints(study.sweep, trial);
    remove_spent_dataset(study.sweep, trial.dataset, trial.index);
  };
}

void tidy_up(const Study& study) {
  if (!study.tidy) return;
  std::set<std::string> datasets;
  for (const sweep::Trial& trial : study.sweep.trials) datasets.insert(trial.dataset);
  for (const std::string& dataset : datasets) remove_spent_dataset(study.sweep, dataset);
}

}  // namespace parlando::study
