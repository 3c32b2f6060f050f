#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/config/command_line.h"
#include "common/config/config.h"
#include "common/core/cpu.h"
#include "common/core/error.h"
#include "common/core/program.h"
#include "common/dist/job.h"
#include "common/io/json.h"
#include "preprocess/pipeline/preprocess_job.h"
#include "preprocess/verbs/preprocess/summary.h"
#include "preprocess/verbs/preprocess/worker_option.h"

namespace {

/// A split that is given leaves nothing to draw.
void refuse_split_keys(const std::vector<std::string>& overrides) {
  for (const std::string& key : overrides) {
    if (!key.starts_with("split.")) continue;
    parlando::fail(parlando::ErrorKind::usage,
                   "--split takes the sides as they are: {} can't go with it", key);
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace parlando;
  return run_program("parlando-preprocess", [&]() -> int {
    CommandLine line("preprocess",
                     "Turns a corpus into a dataset of HDF5 shards, the split inside.",
                     "parlando preprocess --config configs/preprocess/mel128.yaml --corpus RAVDESS "
                     "--out data/mel128");
    std::vector<std::string> configs;
    std::vector<std::string> overrides;
    preprocess::PreprocessJob job;
    job.threads = available_cores();
    bool json = false;
    CLI::App& app = line.app();
    app.add_option("--config", configs, "recipe, YAML; several are laid over each other")
        ->required()
        ->check(CLI::ExistingFile);
    app.add_option("--corpus", job.corpus,
                   "folder of clips, a list of them (CSV, JSON lines), or the corpus manifest that "
                   "'scan' writes")
        ->required();
    app.add_option("--out", job.out, "dataset folder; an unfinished dataset there is continued")
        ->required();
    app.add_option("--split", job.split_file,
                   "split that 'split' writes, or one made elsewhere (CSV, JSON); default: made as "
                   "the recipe says")
        ->check(CLI::ExistingFile);
    app.add_option("--threads", job.threads, "worker threads")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    app.add_option("--allow-defects", job.allowed_defects,
                   "clips that may be left out as defective")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    std::string shard;
    app.add_option("--shard", shard,
                   "I/N: part I of N processes that share --out, on one machine or several; "
                   "default: the rank that srun or mpirun gives")
        ->type_name("I/N");
    bool dry_run = false;
    app.add_flag("--dry-run", dry_run, "say what would be done, and write nothing");
    app.add_flag("--json", json, "summary as JSON on stdout");
    line.accept_overrides(overrides, describe_config<preprocess::PreprocessConfig>());
    if (const auto code = line.parse(argc, argv)) return *code;
    if (!job.split_file.empty()) refuse_split_keys(overrides);

    job.config = load_config<preprocess::PreprocessConfig>(configs, overrides);
    job.worker = preprocess::choose_worker(shard);
    const dist::JobStart start = dist::detect_job();
    job.scheduled_as = start.job;
    job.restart = start.restart;
    if (dry_run) {
      preprocess::print_dry_run(job, preprocess::plan_preprocess(job), json);
      return 0;
    }
    const preprocess::PreprocessSummary summary = preprocess::run_preprocess(job);
    preprocess::print_summary(job, summary);
    if (json) fmt::print("{}", json_text(preprocess::summary_to_json(job, summary)));
    return 0;
  });
}
