#include "common/report/study/study_files.h"

#include <algorithm>
#include <cmath>
#include <system_error>

#include "common/core/error.h"

namespace parlando::report {
namespace {

namespace fs = std::filesystem;

bool is_yaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

bool is_run_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("seed-") && name.ends_with(".json");
}

/// The folder's own name, also of "results/x/".
fs::path without_slash(const fs::path& path) {
  const fs::path normal = fs::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

/// What is wrong with the counts of a run; "" if nothing.
std::string contradiction(const StudyRow& run) {
  constexpr double kRounding = 1e-6;
  const std::size_t classes = run.classes.size();
  for (const auto& [speaker, counts] : run.support) {
    if (counts.size() != classes)
      return fmt::format("support of speaker {} has {} classes, not {}", speaker, counts.size(),
                         classes);
  }
  for (const StudyError& error : run.errors) {
    const auto is_class = [&](int index) {
      return index >= 0 && static_cast<std::size_t>(index) < classes;
    };
    if (!is_class(error.truth) || !is_class(error.predicted) || error.truth == error.predicted ||
        !run.support.contains(error.actor))
      return fmt::format("the error on clip {} is none, or of a speaker who is not tested",
                         error.clip);
  }
  metrics::ConfusionMatrix sum(classes);
  for (const auto& [speaker, matrix] : speaker_matrices(run)) {
    for (std::size_t i = 0; i < classes; ++i) {
      if (matrix.count(i, i) < 0)
        return fmt::format("speaker {} has more errors than test clips of class {}", speaker, i);
    }
    sum += matrix;
  }
  for (std::size_t i = 0; i < classes; ++i) {
    for (std::size_t j = 0; j < classes; ++j) {
      if (sum.count(i, j) != run.confusion.count(i, j))
        return "support and errors do not add up to confusion";
    }
  }
  if (run.n_test != sum.total() || run.n_test <= 0 || run.n_train <= 0)
    return "n_test or n_train is not the number of clips";
  if (!(std::abs(run.confusion.accuracy() - run.figures.accuracy) < kRounding) ||
      !(std::abs(run.confusion.uar() - run.figures.uar) < kRounding))
    return "figures are not those of confusion";
  const StudyCurve& curve = run.curve;
  for (const auto* values : {&curve.train_loss, &curve.validation_loss, &curve.validation_accuracy,
                             &curve.validation_uar}) {
    if (values->size() != curve.epoch.size()) return "curve has lists of different length";
  }
  return "";
}

}  // namespace

bool is_study(const fs::path& path) {
  if (is_yaml(path)) return true;
  std::error_code error;
  for (const auto& row : fs::directory_iterator(path, error)) {
    if (!row.is_directory(error)) continue;
    for (const auto& file : fs::directory_iterator(row.path(), error)) {
      if (is_run_file(file.path())) return true;
    }
  }
  return false;
}

StudyPlace find_study(const fs::path& path, const fs::path& results) {
  if (is_yaml(path)) {
    const std::string name = load_study_config(path.string()).name;
    const fs::path beside = without_slash(path).parent_path().parent_path() / "results" / name;
    return {path, results.empty() ? beside : results};
  }
  const fs::path folder = without_slash(path);
  const fs::path file =
      folder.parent_path().parent_path() / "studies" / (folder.filename().string() + ".yaml");
  return {fs::exists(file) ? file : fs::path(), results.empty() ? path : results};
}

void check_study_row(const StudyRow& run, const StudyConfig& study, const fs::path& results) {
  const fs::path file = results / run.row / study_row_file(run.seed, run.fold);
  if (run.study != study.name) {
    fail(ErrorKind::artefact, "{}: is of the study '{}', not of '{}'; move it away", file.string(),
         run.study, study.name);
  }
  if (run.side != study.side) {
    fail(ErrorKind::artefact,
         "{}: its figures are of the {} side, the study's are of the {} side; run the study again",
         file.string(), run.side, study.side);
  }
  const std::string wrong = contradiction(run);
  if (wrong.empty()) return;
  fail(ErrorKind::artefact,
       "{}: {}; the file is damaged: remove it and run the study again, which makes it anew",
       file.string(), wrong);
}

metrics::SpeakerMatrices speaker_matrices(const StudyRow& run) {
  metrics::SpeakerMatrices speakers;
  for (const auto& [speaker, counts] : run.support) {
    metrics::ConfusionMatrix& matrix =
        speakers.try_emplace(speaker, run.classes.size()).first->second;
    for (std::size_t i = 0; i < counts.size(); ++i) matrix.add(i, i, counts[i]);
  }
  for (const StudyError& error : run.errors) {
    const auto truth = static_cast<std::size_t>(error.truth);
    metrics::ConfusionMatrix& matrix = speakers.at(error.actor);
    matrix.add(truth, truth, -1);
    matrix.add(truth, static_cast<std::size_t>(error.predicted));
  }
  return speakers;
}

}  // namespace parlando::report
