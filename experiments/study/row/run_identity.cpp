#include "experiments/study/row/run_identity.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/io/json.h"
#include "common/report/study/study_row.h"

namespace parlando::study {

void write_identity(const std::filesystem::path& path, const RunIdentity& identity) {
  write_json(path, {{"study", identity.study},
                    {"row", identity.row},
                    {"seed", identity.seed},
                    {"fold", identity.fold ? Json(*identity.fold) : Json()},
                    {"train_key", identity.train_key},
                    {"data_key", identity.data_key},
                    {"command", identity.command},
                    {"robustness", identity.robustness},
                    {"side", identity.side}});
}

RunIdentity read_identity(const std::filesystem::path& path) {
  const Json json = read_json(path);
  const std::string source = path.string();
  const auto text = [&](const char* key) { return json_get<std::string>(json, key, source); };
  RunIdentity identity{.study = text("study"),
                       .row = text("row"),
                       .seed = json_get<std::uint64_t>(json, "seed", source),
                       .fold = std::nullopt,
                       .train_key = text("train_key"),
                       .data_key = text("data_key"),
                       .command = text("command"),
                       .robustness = json_get<std::vector<std::string>>(json, "robustness", source),
                       .side = text("side")};
  if (!json_get<Json>(json, "fold", source).is_null())
    identity.fold = json_get<int>(json, "fold", source);
  return identity;
}

std::filesystem::path row_file(const std::filesystem::path& results, const RunIdentity& identity) {
  return results / identity.study / identity.row /
         report::study_row_file(identity.seed, identity.fold);
}

std::string why_open(const std::filesystem::path& file, const RunIdentity& identity) {
  if (!std::filesystem::exists(file)) return "it has not been made";
  try {
    const report::StudyRow row = report::read_study_row(file);
    const report::StudyOrigin& origin = row.made_by;
    if (row.side != identity.side) return fmt::format("its figures are of the {} side", row.side);
    const bool same_training = origin.train_key == identity.train_key;
    const bool same_data = origin.data_key == identity.data_key;
    const bool tested = std::ranges::all_of(identity.robustness, [&](const std::string& name) {
      return std::ranges::find(row.robustness, name, &report::StudyCondition::condition) !=
             row.robustness.end();
    });
    if (same_training && same_data) return tested ? "" : "conditions of its test are missing";
    return fmt::format("its file was made with another {}",
                       same_data       ? "configuration of the training"
                       : same_training ? "recipe, split or corpus"
                                       : "configuration of the training, and recipe or corpus");
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace parlando::study
