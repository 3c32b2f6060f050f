#include <algorithm>

#include "cli/inspect/describe.h"
#include "common/report/meaning.h"
#include "common/report/run_record.h"

namespace parlando::inspect {
namespace {

namespace fs = std::filesystem;

constexpr int kModelVersion = 2;  ///< of model.json, whose network can be read

Json figure_to_json(const metrics::Figure& figure) {
  return Json{{"value", figure.value}, {"ci95", {figure.low, figure.high}}};
}

}  // namespace

std::vector<fs::path> checkpoint_folders(const fs::path& folder) {
  std::vector<fs::path> found;
  if (!fs::is_directory(folder)) return found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (fs::exists(entry.path() / "state.json")) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Json describe_run(const fs::path& folder) {
  const report::RunRecord run = report::read_run(folder);
  Json result{{"state", run.evaluation ? "finished and evaluated" : "not evaluated yet"}};
  if (run.evaluation) {
    result["accuracy"] = figure_to_json(run.evaluation->accuracy);
    result["uar"] = figure_to_json(run.evaluation->uar);
    result["macro_f1"] = figure_to_json(run.evaluation->macro_f1);
    result["weighted_f1"] = figure_to_json(run.evaluation->weighted_f1);
    result["test_clips"] = run.evaluation->n();
    result["classes"] = run.evaluation->classes;
    result["corpus"] = run.corpus_name;
  }
  result["warnings"] = report::warnings(run);
  result["epochs"] = run.epochs.size();
  if (run.best_epoch > 0) result["best_epoch"] = run.best_epoch;
  result["protocol"] = report::protocol_in_words(run);
  if (!run.seed.empty()) result["seed"] = run.seed;
  if (run.parameters > 0) result["parameters"] = run.parameters;
  for (const auto& [name, value] : run.versions) result[name] = value;
  result["checkpoints"] = checkpoint_folders(folder / "checkpoints").size();
  const fs::path model = folder / "model";
  result["model"] = fs::exists(model / "model.json");
  if (result["model"]) result["network"] = describe_model(model).value("network", Json());
  result["test_side_read"] = fmt::format("{} times", run.test_reads.size());
  result["missing_files"] = run.missing;
  return result;
}

Json describe_model(const fs::path& folder) {
  const fs::path file = folder / "model.json";
  Json model = read_json(file);
  const std::string source = file.string();
  if (json_get<std::string>(model, "format", source) != "parlando-model") {
    fail(ErrorKind::artefact, "{}: not the description of a model", source);
  }
  Json result;
  for (const char* key : {"name", "version", "classes", "input", "parameters", "data_hash",
                          "numerics_version", "recipe", "written_by"}) {
    if (model.contains(key)) result[key] = model[key];
  }
  if (result.contains("input") && result["input"].is_object()) result["input"].erase("row_names");
  if (model.value("version", 0) == kModelVersion) {
    const Json input = json_get<Json>(model, "input", source);
    result["network"] = describe_network(
        json_get<std::string>(model, "network", source), source,
        {.frames = json_get<std::int64_t>(input, "frames", source),
         .rows = json_get<std::int64_t>(input, "rows", source),
         .classes = static_cast<std::int64_t>(
             json_get<std::vector<std::string>>(model, "classes", source).size())});
    result["configuration"] = model["network"];
  }
  const fs::path tensors = folder / "model.safetensors";
  if (!fs::exists(tensors)) {
    fail(ErrorKind::artefact, "{}: model.safetensors is missing; train again", folder.string());
  }
  result["weights"] = describe_tensors(tensors);
  return result;
}

Json describe_checkpoint(const fs::path& folder) {
  const fs::path file = folder / "state.json";
  const Json state = read_json(file);
  if (json_get<std::string>(state, "format", file.string()) != "parlando-checkpoint") {
    fail(ErrorKind::artefact, "{}: not the state of a checkpoint", file.string());
  }
  Json result{{"complete", fs::exists(folder / "DONE")},
              {"epoch", json_get<std::int64_t>(state, "epoch", file.string())},
              {"step", json_get<std::int64_t>(state, "step", file.string())}};
  if (state.contains("state")) result["state"] = state["state"];
  if (fs::exists(folder / "state.safetensors")) {
    result["tensors"] = describe_tensors(folder / "state.safetensors");
  }
  return result;
}

Json describe_checkpoints(const fs::path& folder) {
  Json list = Json::array();
  for (const fs::path& path : checkpoint_folders(folder)) {
    const Json state = read_json(path / "state.json");
    list.push_back({{"name", path.filename().string()},
                    {"epoch", json_get<std::int64_t>(state, "epoch", path.string())},
                    {"step", json_get<std::int64_t>(state, "step", path.string())},
                    {"complete", fs::exists(path / "DONE")}});
  }
  return Json{{"checkpoints", list}};
}

}  // namespace parlando::inspect
