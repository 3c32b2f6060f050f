#include "tests/unit/report/run_folder.h"

#include <array>

#include <fmt/format.h>

#include "common/io/atomic_file.h"
#include "common/io/json.h"
#include "common/metrics/evaluation.h"
#include "common/metrics/evaluation_json.h"

namespace parlando::report {
namespace {

constexpr int kEpochs = 12, kBestEpoch = 9;

Json audit(const RunFolder& run) {
  const auto relation = [](const char* name, int count, bool tolerated) {
    return Json{{"name", name},
                {"sides", "train/test"},
                {"count", count},
                {"tolerated", tolerated},
                {"pairs", Json::array()}};
  };
  return Json{{"clean", run.identical_audio == 0},
              {"relations",
               {relation("shared-speaker", 40, true), relation("repetition-pair", 31, true),
                relation("identical-audio", run.identical_audio, false)}}};
}

Json split(const RunFolder& run) {
  return Json{
      {"format", "parlando-split"},
      {"version", 1},
      {"scheme", "stratified"},
      {"by", "emotion-channel"},
      {"seed", 42},
      {"fold", 0},
      {"hash", "5p117"},
      {"train", std::vector<std::string>(143, "t")},
      {"validation", std::vector<std::string>(17, "v")},
      {"test", std::vector<std::string>(40, "x")},
      {"dropped", {{{"id", "03-01-03-01-02-02-07"}, {"reason", "audio equals a test clip's"}}}},
      {"channels", run.channels},
      {"audit", audit(run)}};
}

std::string epoch_lines() {
  std::string text;
  for (int epoch = 1; epoch <= kEpochs; ++epoch) {
    text += Json{{"epoch", epoch},
                 {"train_loss", 2.0 / epoch},
                 {"train_accuracy", 1 - 0.8 / epoch},
                 {"validation_loss", 1.5 / epoch + 0.4},
                 {"validation_accuracy", 0.75 - 0.5 / epoch},
                 {"validation_uar", 0.74 - 0.5 / epoch},
                 {"learning_rate", epoch < 8 ? 1e-3 : 5e-4},
                 {"seconds", 20.5},
                 {"samples_per_second", 150.0},
                 {"data_wait", 0.004},
                 {"best", epoch <= kBestEpoch}}
                .dump() +
            "\n";
  }
  return text;
}

Json result(const RunFolder& run) {
  Json json =
      metrics::evaluation_to_json(metrics::evaluate_predictions(sample_predictions(), run.classes));
  json.update(
      Json{{"leaks", run.leaks},
           {"permuted_labels", run.permuted_labels},
           {"seed", std::stoi(run.seed)},
           {"split",
            {{"scheme", "stratified"},
             {"seed", 42},
             {"by", "emotion-channel"},
             {"fold", 0},
             {"hash", "5p117"}}},
           {"epochs", kEpochs},
           {"best_epoch", kBestEpoch},
           {"train_seconds", 246.0},
           {"samples_per_second", 150.0},
           {"world_size", 2},
           {"parameters", 626904},
           {"config_hash", "c0nf16"},
           {"data_hash", "da7a5e7"},
           {"version", "1.2.3"},
           {"corpus", {{"name", run.corpus}, {"synthetic", run.synthetic}, {"hash", "c0rpu5"}}},
           {"audit", audit(run)}});
  return json;
}

}  // namespace

std::vector<metrics::Prediction> sample_predictions() {
  constexpr std::array<int, 3> kClips{14, 13, 13}, kRight{10, 12, 8};
  std::vector<metrics::Prediction> predictions;
  for (int label = 0; label < 3; ++label) {
    for (int i = 0; i < kClips[static_cast<std::size_t>(label)]; ++i) {
      metrics::Prediction prediction;
      prediction.clip = fmt::format("clip-{}-{}", label, i);
      prediction.truth = label;
      prediction.predicted = i < kRight[static_cast<std::size_t>(label)] ? label : (label + 1) % 3;
      prediction.probabilities = {0.2, 0.3, 0.5};
      prediction.actor = fmt::format("{:02}", 1 + i % 4);
      prediction.sex = i % 2 == 0 ? "male" : "female";
      prediction.channel = i % 5 == 0 ? "song" : "speech";
      prediction.intensity = i % 3 == 0 ? "strong" : "normal";
      predictions.push_back(prediction);
    }
  }
  return predictions;
}

void write_run_folder(const std::filesystem::path& folder, const RunFolder& run) {
  write_file_atomically(folder / "config.yaml",
                        fmt::format("seed: {}\nepochs: 12\nnote: {}\n", run.seed, run.config_note));
  write_json(folder / "environment.json", Json{{"version", "1.2.3"},
                                               {"host", "node-17"},
                                               {"cores", 2},
                                               {"libtorch", "2.5.1"},
                                               {"leaks", run.leaks},
                                               {"permuted_labels", run.permuted_labels}});
  write_json(folder / "split.json", split(run));
  write_file_atomically(folder / "metrics.jsonl", epoch_lines());
  if (!run.evaluated) return;
  std::string reads;
  for (int i = 0; i < run.reads; ++i) {
    reads += Json{{"time", "2026-01-02T03:04:05Z"},
                  {"verb", "train"},
                  {"reason", run.reason},
                  {"clips", 40}}
                 .dump() +
             "\n";
  }
  write_file_atomically(folder / "test_reads.jsonl", reads);
  const std::vector<metrics::Prediction> predictions = sample_predictions();
  metrics::write_predictions(folder / "predictions-test.jsonl", predictions);
  write_json(folder / "result.json", result(run));
}

}  // namespace parlando::report
