#include "common/report/study/study_row.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "common/core/error.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "common/io/json_number.h"

namespace parlando::report {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr double kFourDigits = 1e4, kFiveDigits = 1e5;

Json rounded(double value, double scale) {
  return number_or_null(std::round(value * scale) / scale);
}

Json rounded_list(const std::vector<double>& values, double scale) {
  Json json = Json::array();
  for (const double value : values) json.push_back(rounded(value, scale));
  return json;
}

Json figures_to_json(const StudyFigures& figures) {
  return {{"accuracy", number_or_null(figures.accuracy)},
          {"uar", number_or_null(figures.uar)},
          {"macro_f1", number_or_null(figures.macro_f1)},
          {"weighted_f1", number_or_null(figures.weighted_f1)}};
}

Json confusion_to_json(const metrics::ConfusionMatrix& confusion) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < confusion.classes(); ++i) {
    Json row = Json::array();
    for (std::size_t j = 0; j < confusion.classes(); ++j) row.push_back(confusion.count(i, j));
    rows.push_back(std::move(row));
  }
  return rows;
}

Json breakdowns_to_json(const std::vector<metrics::Breakdown>& breakdowns) {
  Json json = Json::object();
  for (const metrics::Breakdown& breakdown : breakdowns) {
    Json groups = Json::object();
    for (const metrics::Group& group : breakdown.groups) {
      groups[group.name] = {{"n", group.n},
                            {"accuracy", rounded(group.accuracy, kFiveDigits)},
                            {"uar", rounded(group.uar, kFiveDigits)}};
    }
    json[breakdown.name] = std::move(groups);
  }
  return json;
}

Json errors_to_json(const std::vector<StudyError>& errors) {
  Json json = Json::array();
  for (const StudyError& error : errors) {
    json.push_back({{"clip", error.clip},
                    {"actor", error.actor},
                    {"true", error.truth},
                    {"predicted", error.predicted},
                    {"confidence", rounded(error.confidence, kFourDigits)}});
  }
  return json;
}

Json calibration_to_json(const metrics::Calibration& calibration) {
  Json bins = Json::array();
  for (const metrics::CalibrationBin& bin : calibration.bins) {
    bins.push_back({{"n", bin.n},
                    {"confidence", rounded(bin.confidence, kFiveDigits)},
                    {"accuracy", rounded(bin.accuracy, kFiveDigits)}});
  }
  return {{"bins", std::move(bins)},
          {"ece", number_or_null(calibration.ece)},
          {"brier", number_or_null(calibration.brier)},
          {"nll", number_or_null(calibration.nll)}};
}

Json robustness_to_json(const std::vector<StudyCondition>& conditions) {
  Json json = Json::array();
  for (const StudyCondition& condition : conditions) {
    json.push_back({{"condition", condition.condition},
                    {"accuracy", number_or_null(condition.accuracy)},
                    {"uar", number_or_null(condition.uar)}});
  }
  return json;
}

Json row_to_json(const StudyRow& row) {
  Json validation = figures_to_json(row.validation);
  validation["loss"] = number_or_null(row.validation_loss);
  return {{"format", kFormat},
          {"study", row.study},
          {"row", row.row},
          {"seed", row.seed},
          {"fold", row.fold ? Json(*row.fold) : Json()},
          {"side", row.side},
          {"leaks", row.leaks},
          {"permuted_labels", row.permuted_labels},
          {"figures", figures_to_json(row.figures)},
          {"validation", std::move(validation)},
          {"n_train", row.n_train},
          {"n_validation", row.n_validation},
          {"n_test", row.n_test},
          {"classes", row.classes},
          {"confusion", confusion_to_json(row.confusion)},
          {"breakdowns", breakdowns_to_json(row.breakdowns)},
          {"support", row.support},
          {"errors", errors_to_json(row.errors)},
          {"calibration", calibration_to_json(row.calibration)},
          {"curve",
           {{"epoch", row.curve.epoch},
            {"train_loss", rounded_list(row.curve.train_loss, kFiveDigits)},
            {"validation_loss", rounded_list(row.curve.validation_loss, kFiveDigits)},
            {"validation_accuracy", rounded_list(row.curve.validation_accuracy, kFiveDigits)},
            {"validation_uar", rounded_list(row.curve.validation_uar, kFiveDigits)}}},
          {"training",
           {{"epochs", row.epochs},
            {"best_epoch", row.best_epoch},
            {"seconds", number_or_null(row.seconds)},
            {"samples_per_second", number_or_null(row.samples_per_second)},
            {"parameters", row.parameters},
            {"world_size", row.world_size}}},
          {"robustness", robustness_to_json(row.robustness)},
          {"made_by",
           {{"command", row.made_by.command},
            {"train_key", row.made_by.train_key},
            {"data_key", row.made_by.data_key},
            {"config_hash", row.made_by.config_hash},
            {"data_hash", row.made_by.data_hash},
            {"split_hash", row.made_by.split_hash},
            {"corpus_hash", row.made_by.corpus_hash},
            {"version", row.made_by.version},
            {"libtorch", row.made_by.libtorch},
            {"processor", row.made_by.processor}}}};
}

/// Reads the members of one object; `source` names it in errors.
class Members {
 public:
  Members(Json object, std::string source)
      : object_(std::move(object)), source_(std::move(source)) {
    if (!object_.is_object())
      fail(ErrorKind::artefact, "{}: not keys and values; the file is damaged", source_);
  }

  template <class T>
  T get(const std::string& key) const {
    return json_get<T>(object_, key, source_);
  }
  double number(const std::string& key) const { return number_of(get<Json>(key)); }
  std::vector<double> numbers(const std::string& key) const {
    std::vector<double> values;
    for (const Json& value : get<Json>(key)) values.push_back(number_of(value));
    return values;
  }
  Members child(const std::string& key) const { return {get<Json>(key), source_ + ": " + key}; }
  std::vector<Members> list(const std::string& key) const {
    std::vector<Members> items;
    for (const Json& item : get<Json>(key)) items.emplace_back(item, source_ + ": " + key);
    return items;
  }
  const Json& object() const { return object_; }
  const std::string& source() const { return source_; }

 private:
  static double number_of(const Json& value) {
    return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
  }

  Json object_;
  std::string source_;
};

StudyFigures figures_from(const Members& json) {
  return {json.number("accuracy"), json.number("uar"), json.number("macro_f1"),
          json.number("weighted_f1")};
}

metrics::ConfusionMatrix confusion_from(const Members& json, std::size_t classes) {
  const auto rows = json.get<std::vector<std::vector<std::int64_t>>>("confusion");
  const bool square = rows.size() == classes && std::ranges::all_of(rows, [&](const auto& row) {
                        return row.size() == classes;
                      });
  if (!square) {
    fail(ErrorKind::artefact, "{}: confusion is not a matrix of {} x {} classes", json.source(),
         classes, classes);
  }
  metrics::ConfusionMatrix confusion(classes);
  for (std::size_t i = 0; i < classes; ++i) {
    for (std::size_t j = 0; j < classes; ++j) confusion.add(i, j, rows[i][j]);
  }
  return confusion;
}

std::vector<metrics::Breakdown> breakdowns_from(const Members& json) {
  std::vector<metrics::Breakdown> breakdowns;
  for (const auto& [name, groups] : json.object().items()) {
    metrics::Breakdown& breakdown = breakdowns.emplace_back(metrics::Breakdown{name, {}});
    const Members of_groups(groups, json.source() + "." + name);
    for (const auto& [group, values] : groups.items()) {
      const Members member(values, of_groups.source() + "." + group);
      breakdown.groups.push_back(
          {group, member.get<std::int64_t>("n"), member.number("accuracy"), member.number("uar")});
    }
  }
  return breakdowns;
}

metrics::Calibration calibration_from(const Members& json) {
  metrics::Calibration calibration{.bins = {},
                                   .ece = json.number("ece"),
                                   .brier = json.number("brier"),
                                   .nll = json.number("nll")};
  for (const Members& bin : json.list("bins")) {
    calibration.bins.push_back(
        {bin.get<std::int64_t>("n"), bin.number("confidence"), bin.number("accuracy")});
  }
  return calibration;
}

StudyOrigin origin_from(const Members& json) {
  const auto text = [&](const char* key) { return json.get<std::string>(key); };
  return {.command = text("command"),
          .train_key = text("train_key"),
          .data_key = text("data_key"),
          .config_hash = text("config_hash"),
          .data_hash = text("data_hash"),
          .split_hash = text("split_hash"),
          .corpus_hash = text("corpus_hash"),
          .version = text("version"),
          .libtorch = text("libtorch"),
          .processor = text("processor")};
}

void read_training(const Members& json, StudyRow& row) {
  row.epochs = json.get<std::int64_t>("epochs");
  row.best_epoch = json.get<std::int64_t>("best_epoch");
  row.seconds = json.number("seconds");
  row.samples_per_second = json.number("samples_per_second");
  row.parameters = json.get<std::int64_t>("parameters");
  row.world_size = json.get<int>("world_size");
}

void read_lists(const Members& json, StudyRow& row) {
  for (const Members& error : json.list("errors")) {
    row.errors.push_back({error.get<std::string>("clip"), error.get<std::string>("actor"),
                          error.get<int>("true"), error.get<int>("predicted"),
                          error.number("confidence")});
  }
  for (const Members& condition : json.list("robustness")) {
    row.robustness.push_back({condition.get<std::string>("condition"), condition.number("accuracy"),
                              condition.number("uar")});
  }
}

Members open_row(const fs::path& path) {
  Members json(read_json(path), path.string());
  if (json.get<int>("format") != kFormat) {
    fail(ErrorKind::artefact,
         "{}: row of a study of format {}, this program reads {}; run the study again",
         path.string(), json.get<int>("format"), kFormat);
  }
  return json;
}

}  // namespace

std::string study_row_file(std::uint64_t seed, std::optional<int> fold) {
  return fold ? fmt::format("seed-{:02}-fold-{}.json", seed, *fold)
              : fmt::format("seed-{:02}.json", seed);
}

void write_study_row(const fs::path& path, const StudyRow& row) {
  std::string text;
  const Json json = row_to_json(row);
  for (const auto& [key, value] : json.items()) {
    text += fmt::format("{}{}: {}", text.empty() ? "{\n" : ",\n", Json(key).dump(),
                        value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  write_file_atomically(path, text + "\n}\n");
}

StudyOrigin read_study_origin(const fs::path& path) {
  return origin_from(open_row(path).child("made_by"));
}

StudyRow read_study_row(const fs::path& path) {
  const Members json = open_row(path);
  StudyRow row;
  row.study = json.get<std::string>("study");
  row.row = json.get<std::string>("row");
  row.seed = json.get<std::uint64_t>("seed");
  if (!json.get<Json>("fold").is_null()) row.fold = json.get<int>("fold");
  row.side = json.get<std::string>("side");
  row.leaks = json.get<std::vector<std::string>>("leaks");
  row.permuted_labels = json.get<bool>("permuted_labels");
  row.figures = figures_from(json.child("figures"));
  row.validation = figures_from(json.child("validation"));
  row.validation_loss = json.child("validation").number("loss");
  row.n_train = json.get<std::int64_t>("n_train");
  row.n_validation = json.get<std::int64_t>("n_validation");
  row.n_test = json.get<std::int64_t>("n_test");
  row.classes = json.get<std::vector<std::string>>("classes");
  row.confusion = confusion_from(json, row.classes.size());
  row.breakdowns = breakdowns_from(json.child("breakdowns"));
  row.support = json.get<std::map<std::string, std::vector<std::int64_t>>>("support");
  row.calibration = calibration_from(json.child("calibration"));
  const Members curve = json.child("curve");
  row.curve = {curve.get<std::vector<std::int64_t>>("epoch"), curve.numbers("train_loss"),
               curve.numbers("validation_loss"), curve.numbers("validation_accuracy"),
               curve.numbers("validation_uar")};
  row.made_by = origin_from(json.child("made_by"));
  read_training(json.child("training"), row);
  read_lists(json, row);
  return row;
}

std::vector<StudyRow> read_study_rows(const fs::path& folder) {
  std::vector<StudyRow> rows;
  std::error_code error;
  for (const auto& row : fs::directory_iterator(folder, error)) {
    if (!row.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(row.path())) {
      const std::string name = file.path().filename().string();
      if (name.starts_with("seed-") && name.ends_with(".json"))
        rows.push_back(read_study_row(file.path()));
    }
  }
  std::ranges::sort(rows, {},
                    [](const StudyRow& row) { return std::tuple(row.row, row.seed, row.fold); });
  return rows;
}

}  // namespace parlando::report
