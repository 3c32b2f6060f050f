#include "experiments/study/plan/study_plan.h"

#include <algorithm>
#include <map>

#include "common/audio/feature_extractor.h"
#include "common/config/config.h"
#include "common/config/difference.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/checksum.h"
#include "common/report/study/study_row.h"

namespace parlando::study {
namespace {

constexpr std::string_view kPreprocess = "preprocess.";

/// The blocks that an overlay may have; another is a slip of the pen.
struct OverlayFile {
  std::map<std::string, YamlText> train, preprocess;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("train", train, {.help = "keys of the training"});
    v.field("preprocess", preprocess, {.help = "keys of preprocess"});
  }
};

/// The files and keys of a row, for one of the two programs.
struct Layers {
  std::vector<ConfigLayer> files;
  std::vector<std::string> keys;
};

Layers layers_of(const report::StudyRowConfig& row, const std::string& base, bool of_preprocess) {
  Layers layers;
  layers.files.emplace_back(base);
  for (const std::string& file : row.overlays)
    layers.files.emplace_back(file, of_preprocess ? "preprocess" : "train");
  for (const auto& [key, value] : row.set) {
    const bool own = key.starts_with(kPreprocess) == of_preprocess;
    if (!own) continue;
    layers.keys.push_back((of_preprocess ? key.substr(kPreprocess.size()) : key) + "=" +
                          value.text);
  }
  return layers;
}

/// Every key that is not at its default; a name changes nothing.
template <class T>
std::string unlike_defaults(T config) {
  const T defaults{};
  config.name = defaults.name;
  std::string text;
  for (const ConfigChange& change : config_changes(defaults, config))
    text += fmt::format("{}={}\n", change.key, change.after);
  return text;
}

std::string hash_fields(const std::vector<std::string>& fields) {
  Hasher hasher;
  for (const std::string& field : fields) hasher.update_field(field);
  return hasher.hex();
}

std::string fold_text(std::optional<int> fold) {
  return fold ? std::to_string(*fold) : "";
}

}  // namespace

std::string StudyRun::name() const {
  return fmt::format("{}/{}{}", row, seed, fold ? fmt::format("/{}", *fold) : "");
}

std::filesystem::path StudyRun::file() const {
  return std::filesystem::path(row) / report::study_row_file(seed, fold);
}

/// What the hashes of a row's runs have in common.
struct StudyPlan::RowTexts {
  std::string train_changes, preprocess_changes, whole;
};

StudyPlan::StudyPlan(report::StudyConfig config) : config_(std::move(config)) {
  std::vector<RowTexts> texts;
  for (const report::StudyRowConfig& row : config_.rows) {
    try {
      for (const std::string& file : row.overlays) load_config<OverlayFile>({file});
      const Layers train = layers_of(row, row.train.empty() ? config_.train : row.train, false);
      const Layers preprocess =
          layers_of(row, row.preprocess.empty() ? config_.preprocess : row.preprocess, true);
      rows_.push_back(
          {row.id, load_config_layers<train::TrainConfig>(train.files, train.keys),
           load_config_layers<preprocess::PreprocessConfig>(preprocess.files, preprocess.keys)});
      if (!config_.tests() && rows_.back().train.protocol.leaks()) {
        fail(ErrorKind::usage,
             "protocol.allow_leak goes with side: test; a validation side with a leak chooses "
             "nothing");
      }
    } catch (const Error& error) {
      fail(ErrorKind::usage, "row {}: {}", row.id, error.what());
    }
    const Row& made = rows_.back();
    texts.push_back({unlike_defaults(made.train.relevant()), unlike_defaults(made.preprocess),
                     train::dump_train_config(made.train) + dump_config(made.preprocess)});
  }
  std::size_t turns = 0;
  for (const report::StudyRowConfig& row : config_.rows) {
    const std::size_t folds = std::max<std::size_t>(1, config_.folds_of(row).size());
    turns = std::max(turns, config_.seeds_of(row).size() * folds);
  }
  for (std::size_t turn = 0; turn < turns; ++turn) add_runs(texts, turn);
}

void StudyPlan::add_runs(const std::vector<RowTexts>& texts, std::size_t turn) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::vector<std::uint64_t>& seeds = config_.seeds_of(config_.rows[i]);
    const std::vector<int>& folds = config_.folds_of(config_.rows[i]);
    const std::size_t per_seed = std::max<std::size_t>(1, folds.size());
    if (turn >= seeds.size() * per_seed) continue;
    StudyRun run{.row = rows_[i].id,
                 .seed = seeds[turn / per_seed],
                 .fold = std::nullopt,
                 .train_key = "",
                 .recipe_key = "",
                 .settings = ""};
    if (!folds.empty()) run.fold = folds[turn % per_seed];
    const auto drawn = [&](const char* what) {
      return follows_seed(what) ? std::to_string(run.seed) : "";
    };
    const std::string fold = fold_text(run.fold);
    run.train_key = hash_fields({texts[i].train_changes, drawn("seed")});
    run.recipe_key = hash_fields({texts[i].preprocess_changes, drawn("split"), drawn("variants"),
                                  fold, std::to_string(audio::kFeatureNumericsVersion)});
    run.settings =
        hash_fields({texts[i].whole, drawn("seed"), drawn("split"), drawn("variants"), fold});
    runs_.push_back(std::move(run));
  }
}

bool StudyPlan::follows_seed(const char* what) const {
  return std::ranges::find(config_.seed_sets, what) != config_.seed_sets.end();
}

const StudyPlan::Row& StudyPlan::row_of(const StudyRun& run) const {
  const auto found = std::ranges::find(rows_, run.row, &Row::id);
  if (found == rows_.end()) fail(ErrorKind::internal, "the study has no row '{}'", run.row);
  return *found;
}

train::TrainConfig StudyPlan::train_of(const StudyRun& run) const {
  train::TrainConfig config = row_of(run).train;
  if (follows_seed("seed")) config.seed = run.seed;
  return config;
}

preprocess::PreprocessConfig StudyPlan::preprocess_of(const StudyRun& run) const {
  preprocess::PreprocessConfig config = row_of(run).preprocess;
  if (follows_seed("split")) config.split.seed = run.seed;
  if (follows_seed("variants")) config.variants.seed = run.seed;
  if (run.fold) config.split.fold = *run.fold;
  return config;
}

std::vector<std::size_t> chosen_runs(const std::vector<StudyRun>& runs,
                                     const std::vector<std::string>& only) {
  std::vector<std::size_t> chosen;
  for (const std::string& wanted : only) {
    const std::size_t before = chosen.size();
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::string name = runs[i].name();
      if (name == wanted || name.starts_with(wanted + "/")) chosen.push_back(i);
    }
    if (chosen.size() > before) continue;
    std::vector<std::string> names;
    for (const StudyRun& run : runs) names.push_back(run.name());
    const std::string near = nearest(wanted, names);
    fail(ErrorKind::usage, "--only {}: the study has no such run; ROW, ROW/SEED or ROW/SEED/FOLD{}",
         wanted, near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
  }
  std::ranges::sort(chosen);
  const auto twice = std::ranges::unique(chosen);
  chosen.erase(twice.begin(), twice.end());
  return chosen;
}

}  // namespace parlando::study
