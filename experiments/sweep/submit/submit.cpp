#include "experiments/sweep/submit/submit.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "common/core/child_process.h"
#include "common/core/child_words.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "experiments/sweep/submit/batch_scripts.h"
#include "experiments/sweep/work/sweep_state.h"

namespace parlando::sweep {
namespace {

namespace fs = std::filesystem;

constexpr int kDefaultMaxArraySize = 1001;  // SLURM's own
constexpr double kAnswerSeconds = 120;

std::set<int> open_trials(const Sweep& sweep) {
  const SweepState state(sweep);
  std::set<int> open;
  // As in a round to come: trials that failed are open again.
  for (const Job& job : open_jobs(sweep.plan, state.halving(1 << 30))) open.insert(job.trial);
  return open;
}

int max_array_size() {
  const ChildResult result =
      run_child({"scontrol", "show", "config"},
                {.environment = {}, .folder = {}, .timeout_seconds = kAnswerSeconds});
  for (const std::string& line : split_text(result.output, '\n')) {
    const std::size_t equals = line.find('=');
    if (!line.starts_with("MaxArraySize") || equals == std::string::npos) continue;
    const int size = std::atoi(trim_text(line.substr(equals + 1)).c_str());
    if (size > 1) return size;
  }
  return kDefaultMaxArraySize;
}

/// What squeue prints for an array job; nothing for one that SLURM has forgotten.
std::string queue_of(const std::string& job) {
  const ChildResult result =
      run_child({"squeue", "--noheader", "--array", "--format=%K", "--jobs=" + job},
                {.environment = {}, .folder = {}, .timeout_seconds = kAnswerSeconds});
  if (result.exit_code == 0) return result.output;
  if (result.errors.find("Invalid job id") != std::string::npos) return "";
  fail(ErrorKind::distributed,
       "squeue does not say whether job {} of this sweep is still in the queue: {}. Nothing was "
       "submitted; run the same command again when it answers",
       job, trim_text(result.errors));
}

struct Queue {
  std::set<int> trials;                     ///< of elements that wait or run
  std::vector<SubmittedRound> uncollected;  ///< with elements there, and no collector
};

/// A line of squeue is "3": the element's index in its array.
Queue read_queue(const Sweep& sweep) {
  Queue queue;
  for (const SubmittedRound& round : submitted_rounds(sweep)) {
    bool there = false;
    for (const SubmittedRound::ArrayJob& job : round.jobs) {
      for (const std::string& line : split_text(queue_of(job.id), '\n')) {
        int index = 0;
        const std::string text = trim_text(line);
        if (std::from_chars(text.data(), text.data() + text.size(), index).ec != std::errc())
          continue;
        const auto element = static_cast<std::size_t>(job.first + index);
        if (element >= round.elements.size()) continue;
        there = true;
        const std::vector<int>& trials = round.elements[element];
        queue.trials.insert(trials.begin(), trials.end());
        if (trials.empty())
          for (const Trial& trial : sweep.trials) queue.trials.insert(trial.index);
      }
    }
    if (there && round.collector.empty()) queue.uncollected.push_back(round);
  }
  return queue;
}

/// The number in what 'sbatch --parsable' prints: "4711" or "4711;cluster", after whatever a
/// site's wrapper says before.
std::string job_number(const std::string& output) {
  const std::string last = split_text(trim_text(output), '\n').back();
  const std::string id = trim_text(last.substr(0, last.find(';')));
  if (!id.empty() && id.find_first_not_of("0123456789") == std::string::npos) return id;
  fail(ErrorKind::distributed,
       "sbatch gave no job number, but '{}'; look with squeue for what it has submitted before you "
       "run the same command again",
       trim_text(output));
}

std::string sbatch(const std::vector<std::string>& options, const std::string& what) {
  std::vector<std::string> command{"sbatch", "--parsable"};
  command.insert(command.end(), options.begin(), options.end());
  const ChildResult result =
      run_child(command, {.environment = {}, .folder = {}, .timeout_seconds = kAnswerSeconds});
  if (result.exit_code != 0) {
    fail(ErrorKind::distributed,
         "sbatch refused {}: {}. What was submitted before stays in the queue, and no trial is "
         "lost: run the same command again when there is room, or change the slurm: keys",
         what, trim_text(result.errors));
  }
  return job_number(result.output);
}

void add(std::vector<std::string>& options, const char* name, const std::string& value) {
  if (!value.empty()) options.push_back(fmt::format("--{}={}", name, value));
}

fs::path log_folder(const Sweep& sweep, int round) {
  return sweep.folder / sweep_files::kRounds / fmt::format("{:04}-logs", round);
}

/// Options of every job of the sweep.
std::vector<std::string> common_options(const SlurmConfig& slurm) {
  std::vector<std::string> options;
  add(options, "partition", slurm.partition);
  add(options, "account", slurm.account);
  add(options, "qos", slurm.qos);
  add(options, "constraint", slurm.constraint);
  return options;
}

}  // namespace

std::vector<std::vector<int>> make_elements(const Sweep& sweep, const std::set<int>& queued) {
  const SlurmConfig& slurm = sweep.config.slurm;
  std::vector<std::vector<int>> elements;
  std::vector<int> trials;
  for (const int trial : open_trials(sweep)) {
    if (!queued.contains(trial)) trials.push_back(trial);
  }
  if (sweep.halves()) {
    elements.resize(std::min(trials.size(), static_cast<std::size_t>(slurm.array_parallelism)));
    return elements;
  }
  for (const int trial : trials) {
    const bool full = elements.empty() ||
                      elements.back().size() == static_cast<std::size_t>(slurm.trials_per_element);
    if (full) elements.emplace_back();
    elements.back().push_back(trial);
  }
  return elements;
}

std::vector<std::string> sbatch_options(const Sweep& sweep, const SubmittedRound& round, int first,
                                        int count) {
  const SlurmConfig& slurm = sweep.config.slurm;
  const TrialConfig& trial = sweep.config.trial;
  const fs::path logs = log_folder(sweep, round.round);
  std::vector<std::string> options = common_options(slurm);
  options.push_back("--job-name=" + sweep.config.name);
  options.push_back(fmt::format("--array=0-{}%{}", count - 1, slurm.array_parallelism));
  options.push_back(fmt::format("--time={}", slurm.timeout_min));
  options.push_back(fmt::format("--nodes={}", slurm.nodes));
  options.push_back(
      fmt::format("--ntasks-per-node={}", (trial.ranks + slurm.nodes - 1) / slurm.nodes));
  options.push_back(fmt::format("--cpus-per-task={}", trial.threads));
  if (slurm.mem_gb > 0) options.push_back(fmt::format("--mem={}G", slurm.mem_gb));
  if (slurm.gpus_per_node > 0)
    options.push_back(fmt::format("--gpus-per-node={}", slurm.gpus_per_node));
  if (slurm.signal_delay_s > 0)
    options.push_back(fmt::format("--signal=B:USR1@{}", slurm.signal_delay_s));
  options.insert(options.end(), {"--requeue", "--open-mode=append"});
  options.push_back("--output=" + (logs / "%A_%a.log").string());
  for (const auto& [name, value] : slurm.additional_parameters)
    options.push_back(value.empty() ? "--" + name : fmt::format("--{}={}", name, value));
  options.push_back(fmt::format("--export=ALL,PARLANDO_HOME={},VERB={},SWEEP={},ROUND={},FIRST={}",
                                parlando_home().string(), sweep.verb, sweep.folder.string(),
                                round.round, first));
  options.push_back(slurm.script.empty() ? batch_script("sweep.sbatch").string() : slurm.script);
  return options;
}

namespace {

/// Makes the round, and one array job for each part that MaxArraySize allows.
void submit_elements(const Sweep& sweep, SubmittedRound& round) {
  round.round = begin_round(sweep, "submit");
  fs::create_directories(log_folder(sweep, round.round));
  // Workers read it: it is there before the first of them.
  write_round(sweep, round);
  const int elements = static_cast<int>(round.elements.size());
  const int most = max_array_size();
  for (int first = 0; first < elements; first += most) {
    const int count = std::min(most, elements - first);
    const std::string id =
        sbatch(sbatch_options(sweep, round, first, count),
               fmt::format("elements {} to {} of {}", first, first + count - 1, elements));
    round.jobs.push_back({id, first, count});
    write_round(sweep, round);
  }
}

std::vector<std::string> collector_options(const Sweep& sweep,
                                           const std::vector<SubmittedRound>& rounds) {
  std::vector<std::string> ids;
  for (const SubmittedRound& round : rounds)
    for (const SubmittedRound::ArrayJob& job : round.jobs) ids.push_back(job.id);
  const fs::path log = log_folder(sweep, rounds.back().round) / "collect-%j.log";
  std::vector<std::string> options = common_options(sweep.config.slurm);
  options.insert(options.end(),
                 {"--job-name=" + sweep.config.name + "-collect",
                  "--dependency=afterany:" + join_text(ids, ":"), "--time=30", "--nodes=1",
                  "--ntasks=1", "--output=" + log.string(),
                  fmt::format("--export=ALL,PARLANDO_HOME={},VERB={},SWEEP={}",
                              parlando_home().string(), sweep.verb, sweep.folder.string()),
                  batch_script("collect.sbatch").string()});
  return options;
}

}  // namespace

Submission submit(const Sweep& sweep) {
  try {
    find_program("sbatch");
  } catch (const Error&) {
    fail(ErrorKind::usage,
         "no sbatch on PATH: load your cluster's SLURM module or go to a login node, or use "
         "'parlando {} run' on this machine",
         sweep.verb);
  }
  // sbatch's --export has no quotes, and --output reads % its own way.
  if (sweep.folder.string().find_first_of(",%\n") != std::string::npos) {
    fail(ErrorKind::usage, "{}: a folder for SLURM jobs has no comma and no % in its name",
         sweep.folder.string());
  }
  Queue queue = read_queue(sweep);
  Submission submission;
  submission.round.elements = make_elements(sweep, queue.trials);
  if (!submission.round.elements.empty()) {
    submit_elements(sweep, submission.round);
    queue.uncollected.push_back(submission.round);
  }
  if (queue.uncollected.empty()) return submission;
  submission.collector = sbatch(collector_options(sweep, queue.uncollected), "the collector");
  for (SubmittedRound& round : queue.uncollected) {
    round.collector = submission.collector;
    write_round(sweep, round);
  }
  return submission;
}

}  // namespace parlando::sweep
