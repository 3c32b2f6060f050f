#include "experiments/sweep/folder/check_trials.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "common/config/config.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/checksum.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "train/run/train_config.h"

namespace parlando::sweep {
namespace {

constexpr std::size_t kHashDigits = 12;

std::string dataset_hash(const SweepConfig& config, const std::vector<std::string>& keys) {
  Hasher hasher;
  hasher.update_field(
      dump_config(load_config<preprocess::PreprocessConfig>({config.preprocess}, keys)));
  hasher.update_field(config.corpus);
  return hasher.hex().substr(0, kHashDigits);
}

void check_keys(const SweepConfig& config, const Trial& trial) {
  for (const auto& [key, value] : trial.parameters) {
    if (key.starts_with("preprocess.") && config.preprocess.empty()) {
      fail(ErrorKind::usage,
           "{} varies preprocess, but the sweep has a finished dataset; give preprocess: and "
           "corpus: instead of data:",
           key);
    }
  }
}

void refuse_leaks(const train::ProtocolConfig& protocol) {
  if (!protocol.leaks()) return;
  fail(ErrorKind::usage,
       "protocol.allow_leak: {}: a sweep chooses by its validation side, which may know nothing of "
       "test and training clips; a study can show what the leak is worth",
       protocol.allow_leak.front());
}

void require_rung(const SweepConfig& config, std::int64_t epochs) {
  const std::int64_t first = config.early_terminate.value_or(HalvingConfig{}).min_iter;
  if (first < epochs) return;
  fail(ErrorKind::usage,
       "early_terminate: min_iter: {} is not below the training's {} epochs, so no trial would be "
       "stopped early",
       first, epochs);
}

}  // namespace

std::string effective_preprocess(const SweepConfig& config) {
  if (config.preprocess.empty()) return "";
  return dump_config(load_config<preprocess::PreprocessConfig>({config.preprocess}));
}

void check_trials(const SweepConfig& config, std::vector<Trial>& trials) {
  const std::filesystem::path source = config.data.empty() ? config.corpus : config.data;
  if (!std::filesystem::exists(source)) {
    fail(ErrorKind::usage, "{}: {} does not exist", config.data.empty() ? "corpus" : "data",
         source.string());
  }
  if (!config.data.empty() && !std::filesystem::exists(source / "manifest.json")) {
    fail(ErrorKind::usage,
         "data: {} holds no finished dataset; 'parlando preprocess --out {}' makes one",
         source.string(), source.string());
  }
  const bool halves = config.method == "asha" || config.early_terminate;
  std::optional<int> epochs;
  std::map<std::vector<std::string>, std::string> hashes;
  for (Trial& trial : trials) {
    try {
      check_keys(config, trial);
      const train::TrainConfig own = train::load_train_config({config.train}, trial.train_keys());
      refuse_leaks(own.protocol);
      const int own_epochs = own.epochs;
      if (halves && epochs.value_or(own_epochs) != own_epochs) {
        fail(ErrorKind::usage,
             "epochs: {} here, {} before; it is the last rung of early stopping, and the same for "
             "all trials",
             own_epochs, *epochs);
      }
      if (halves) require_rung(config, own_epochs);
      epochs = own_epochs;
      if (config.preprocess.empty()) continue;
      const std::vector<std::string> keys = trial.preprocess_keys();
      if (!hashes.contains(keys)) hashes[keys] = dataset_hash(config, keys);
      trial.dataset = hashes[keys];
    } catch (const Error& error) {
      fail(ErrorKind::usage, "trial {} ({}): {}", trial.index, describe(trial.parameters),
           error.what());
    }
  }
}

}  // namespace parlando::sweep
