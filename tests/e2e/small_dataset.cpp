#include "tests/e2e/small_dataset.h"

#include <stdexcept>

#include "common/io/json.h"

namespace parlando::test {
namespace {

constexpr const char* kTrainConfig = R"(name: small
seed: 5
epochs: 2
batch_size: 13
threads: 1
input: {frames: 64}
model:
  conv:
    - {filters: 4, kernel: 3, pool: 2, dropout: 0.2}
    - {filters: 6, kernel: 3, pool: 2, dropout: 0.2}
  lstm: {hidden: 8}
  head: {dropout: 0.2}
)";

void run(const std::vector<std::string>& command) {
  const ProcessResult result = run_process(command);
  if (result.exit_code != 0) throw std::runtime_error(command.front() + ": " + result.err);
}

}  // namespace

SmallDataset::SmallDataset(const std::vector<std::string>& keys) {
  run({program("parlando-synth"), corpus().string(), "--clips", "160", "--seed", "3", "--threads",
       "1"});
  std::vector<std::string> preprocess{program("parlando-preprocess"),
                                      "--config",
                                      source_path("configs/preprocess/mel128.yaml").string(),
                                      "--corpus",
                                      corpus().string(),
                                      "--out",
                                      data().string(),
                                      "features.0.n_mels=16",
                                      "features.0.hop_length=1024",
                                      "variants.within_frames=64",
                                      "split.by=emotion"};
  preprocess.insert(preprocess.end(), keys.begin(), keys.end());
  run(preprocess);
  write_text(config(), kTrainConfig);
}

std::int64_t SmallDataset::training_samples() const {
  const Json manifest = read_json(data() / "manifest.json");
  return 2 * static_cast<std::int64_t>(manifest.at("split").at("train").size());
}

std::vector<std::string> SmallDataset::train_command(
    const std::filesystem::path& run_folder, const std::vector<std::string>& overrides) const {
  std::vector<std::string> command{
      program("parlando-train"), "--config", config().string(),  "--data",
      data().string(),           "--run",    run_folder.string()};
  command.insert(command.end(), overrides.begin(), overrides.end());
  return command;
}

void damage(const std::filesystem::path& file) {
  std::string content = read_text(file);
  char& byte = content.at(content.size() / 2);
  byte = static_cast<char>(byte ^ 1);
  write_text(file, content);
}

std::vector<std::string> all_recipe_options() {
  return {"batch_size=17",
          "model.lstm.recurrent_dropout=0.2",
          "accumulate=2",
          "sampling.oversample=each-epoch",
          "augment.time_shift.probability=0.5",
          "augment.noise.probability=0.5",
          "augment.time_mask.probability=0.5",
          "augment.frequency_mask.probability=0.5",
          "augment.mixup.probability=0.7",
          "loss.kind=focal",
          "optimizer.kind=adamw",
          "optimizer.weight_decay=0.01",
          "optimizer.clip_norm=0.5",
          "optimizer.clip_value=0.1",
          "schedule.kind=cosine",
          "schedule.warmup_epochs=1",
          "averaging.kind=ema",
          "on_non_finite=skip",
          "early_stopping.monitor=uar"};
}

std::vector<std::string> mpirun(int ranks) {
  return {"mpirun", "-np", std::to_string(ranks), "--oversubscribe", "--bind-to", "none"};
}

ProcessOptions mpi_options() {
  return {.environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"}, {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"}},
          .folder = {},
          .timeout_seconds = 300};
}

}  // namespace parlando::test
