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

/// Trials of elements that wait in the queue or run. A line of squeue is "4711_3" or "4711_3+4".
std::set<int> queued_trials(const Sweep& sweep) {
  std::set<int> queued;
  for (const SubmittedRound& round : submitted_rounds(sweep)) {
    for (const SubmittedRound::ArrayJob& job : round.jobs) {
      // A job that SLURM has forgotten is an error of squeue, and not queued.
      const ChildResult result =
          run_child({"squeue", "--noheader", "--array", "--format=%K", "--jobs=" + job.id},
                    {.environment = {}, .folder = {}, .timeout_seconds = kAnswerSeconds});
      if (result.exit_code != 0) continue;
      for (const std::string& line : split_text(result.output, '\n')) {
        int index = 0;
        const std::string text = trim_text(line);
        if (std::from_chars(text.data(), text.data() + text.size(), index).ec != std::errc())
          continue;
        const auto element = static_cast<std::size_t>(job.first + index);
        if (element >= round.elements.size()) continue;
        const std::vector<int>& trials = round.elements[element];
        queued.insert(trials.begin(), trials.end());
        if (trials.empty())
          for (const Trial& trial : sweep.trials) queued.insert(trial.index);
      }
    }
  }
  return queued;
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
  return split_text(trim_text(result.output), ';').front();
}

void add(std::vector<std::string>& options, const char* name, const std::string& value) {
  if (!value.empty()) options.push_back(fmt::format("--{}={}", name, value));
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
  const std::filesystem::path logs =
      sweep.folder / sweep_files::kRounds / fmt::format("{:04}-logs", round.round);
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
  options.push_back(fmt::format("--export=ALL,PARLANDO_HOME={},SWEEP={},ROUND={},FIRST={}",
                                parlando_home().string(), sweep.folder.string(), round.round,
                                first));
  options.push_back(slurm.script.empty() ? batch_script("sweep.sbatch").string() : slurm.script);
  return options;
}

Submission submit(const Sweep& sweep) {
  try {
    find_program("sbatch");
  } catch (const Error&) {
    fail(ErrorKind::usage,
         "no sbatch on PATH: load your cluster's SLURM module or go to a login node, or use "
         "'parlando sweep run' on this machine");
  }
  // sbatch's --export has no quotes, and --output reads % its own way.
  if (sweep.folder.string().find_first_of(",%\n") != std::string::npos) {
    fail(ErrorKind::usage, "{}: a folder for SLURM jobs has no comma and no % in its name",
         sweep.folder.string());
  }
  Submission submission;
  submission.round.elements = make_elements(sweep, queued_trials(sweep));
  if (submission.round.elements.empty()) return submission;
  submission.round.round = begin_round(sweep, "submit");
  std::filesystem::create_directories(sweep.folder / sweep_files::kRounds /
                                      fmt::format("{:04}-logs", submission.round.round));
  // Workers read it: it is there before the first of them.
  write_round(sweep, submission.round);

  const int elements = static_cast<int>(submission.round.elements.size());
  const int most = max_array_size();
  for (int first = 0; first < elements; first += most) {
    const int count = std::min(most, elements - first);
    const std::string id =
        sbatch(sbatch_options(sweep, submission.round, first, count),
               fmt::format("elements {} to {} of {}", first, first + count - 1, elements));
    submission.round.jobs.push_back({id, first, count});
    write_round(sweep, submission.round);
  }
  std::vector<std::string> ids;
  for (const SubmittedRound::ArrayJob& job : submission.round.jobs) ids.push_back(job.id);
  std::vector<std::string> options = common_options(sweep.config.slurm);
  options.insert(
      options.end(),
      {"--job-name=" + sweep.config.name + "-collect",
       "--dependency=afterany:" + join_text(ids, ":"), "--time=30", "--nodes=1", "--ntasks=1",
       "--output=" + (sweep.folder / sweep_files::kRounds /
                      fmt::format("{:04}-logs", submission.round.round) / "collect-%j.log")
                         .string(),
       fmt::format("--export=ALL,PARLANDO_HOME={},SWEEP={}", parlando_home().string(),
                   sweep.folder.string()),
       batch_script("collect.sbatch").string()});
  submission.collector = sbatch(options, "the collector");
  return submission;
}

}  // namespace parlando::sweep
