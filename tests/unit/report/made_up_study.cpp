#include "tests/unit/report/made_up_study.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "common/core/random.h"
#include "common/io/atomic_file.h"
#include "common/metrics/evaluation.h"

namespace parlando::report {
namespace {

constexpr int kSpeakers = 8, kClasses = 3, kClips = 5;

std::uint64_t number_of(const std::string& text) {
  std::uint64_t number = 7;
  for (const char c : text) number = number * 31 + static_cast<unsigned char>(c);
  return number;
}

std::vector<metrics::Prediction> predictions_of(const MadeUpRow& row, std::uint64_t seed) {
  RandomStream luck(seed, "luck", number_of(row.id));
  const double error = std::clamp(row.error + 0.015 * luck.normal(), 0.0, 1.0);
  std::vector<metrics::Prediction> predictions;
  for (int i = 0; i < kSpeakers * kClasses * kClips; ++i) {
    RandomStream clip(seed, "clip", static_cast<std::uint64_t>(i));
    metrics::Prediction prediction;
    prediction.actor = fmt::format("{:02}", 1 + i % kSpeakers);
    prediction.truth = i / kSpeakers % kClasses;
    const int repetition = i / (kSpeakers * kClasses);
    prediction.channel = repetition < 2 ? "song" : "speech";
    prediction.statement = repetition % 2 == 0 ? "01" : "02";
    if (row.song_alone && prediction.channel != "song") continue;
    prediction.clip = fmt::format("clip-{:03}", i);
    const bool wrong = clip.uniform() < error;
    prediction.predicted = wrong ? (prediction.truth + 1) % kClasses : prediction.truth;
    const double confidence = clip.uniform(0.4, 1.0);
    prediction.probabilities.assign(kClasses, (1 - confidence) / (kClasses - 1));
    prediction.probabilities[static_cast<std::size_t>(prediction.predicted)] = confidence;
    predictions.push_back(prediction);
  }
  return predictions;
}

StudyCurve curve_of(std::uint64_t seed) {
  StudyCurve curve;
  const auto last = static_cast<std::int64_t>(8 + seed % 3);
  for (std::int64_t epoch = 1; epoch <= last; ++epoch) {
    const auto at = static_cast<double>(epoch);
    curve.epoch.push_back(epoch);
    curve.train_loss.push_back(2 / at);
    curve.validation_loss.push_back(2 / at + 0.02 * at);
    curve.validation_accuracy.push_back(0.8 - 0.5 / at);
    curve.validation_uar.push_back(epoch == 2 ? NAN : 0.78 - 0.5 / at);
  }
  return curve;
}

}  // namespace

StudyRow made_up_run(const MadeUpRow& row, std::uint64_t seed, std::optional<int> fold) {
  const std::vector<metrics::Prediction> predictions = predictions_of(row, seed);
  const metrics::Evaluation evaluation =
      metrics::evaluate_predictions(predictions, {"calm", "happy", "sad"}, 1);
  StudyRow run;
  run.study = "made-up";
  run.row = row.id;
  run.seed = seed;
  run.fold = fold;
  run.leaks = row.leaks;
  run.permuted_labels = row.permuted_labels;
  run.figures = {evaluation.accuracy.value, evaluation.uar.value, evaluation.macro_f1.value,
                 evaluation.weighted_f1.value};
  run.validation = run.figures;
  run.n_train = 480;
  run.n_validation = 60;
  run.n_test = evaluation.n();
  run.classes = evaluation.classes;
  run.confusion = evaluation.confusion;
  run.breakdowns = evaluation.breakdowns;
  for (const metrics::Prediction& prediction : predictions) {
    std::vector<std::int64_t>& support = run.support[prediction.actor];
    support.resize(kClasses);
    ++support[static_cast<std::size_t>(prediction.truth)];
    if (prediction.truth == prediction.predicted) continue;
    run.errors.push_back({prediction.clip, prediction.actor, prediction.truth, prediction.predicted,
                          std::ranges::max(prediction.probabilities)});
  }
  run.calibration = metrics::calibration_of(predictions);
  run.curve = curve_of(seed);
  run.epochs = std::ssize(run.curve.epoch);
  run.best_epoch = 6;
  run.seconds = 61;
  run.parameters = 626904;
  for (const double ratio : {20.0, 10.0, 0.0}) {
    run.robustness.push_back({fmt::format("noise {:.0f} dB", ratio),
                              run.figures.accuracy * (0.5 + ratio / 40), run.figures.uar * 0.7});
  }
  run.robustness.push_back({"clean", run.figures.accuracy, run.figures.uar});
  run.robustness.push_back({"telephone", run.figures.accuracy * 0.6, run.figures.uar * 0.6});
  run.made_by = {.command = fmt::format("parlando study run --only {}/{}", row.id, seed),
                 .train_key = "7ra1n",
                 .data_key = "da7a",
                 .config_hash = "c0nf16",
                 .data_hash = "da7a5e7",
                 .split_hash = fmt::format("5p117-{}", seed),
                 .corpus_hash = "c0rpu5",
                 .version = "1.2.3",
                 .libtorch = "2.11.0",
                 .processor = "made up"};
  return run;
}

StudyConfig MadeUpStudy::config() const {
  StudyConfig config;
  config.name = "made-up";
  config.title = "A made-up study";
  config.question = "Does the report find what is there?";
  config.preprocess = "configs/preprocess/mel128.yaml";
  config.train = "configs/train/mel128.yaml";
  config.seeds = seeds;
  config.folds = folds;
  config.baseline = rows.front().id;
  config.published.accuracy = 0.841;
  config.published.source = "somebody 2020";
  for (const MadeUpRow& row : rows) {
    config.rows.emplace_back();
    config.rows.back().id = row.id;
  }
  return config;
}

std::vector<StudyRow> MadeUpStudy::runs() const {
  std::vector<StudyRow> all;
  for (const MadeUpRow& row : rows) {
    for (const std::uint64_t seed : seeds) {
      if (folds.empty()) all.push_back(made_up_run(row, seed));
      for (const int fold : folds) all.push_back(made_up_run(row, seed, fold));
    }
  }
  return all;
}

void MadeUpStudy::write(const std::filesystem::path& folder) const {
  write_file_atomically(folder / "studies" / "made-up.yaml", dump_study_config(config()));
  for (const StudyRow& run : runs()) {
    write_study_row(folder / "results" / "made-up" / run.row / study_row_file(run.seed, run.fold),
                    run);
  }
}

}  // namespace parlando::report
