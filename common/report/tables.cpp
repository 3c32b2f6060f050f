#include "common/report/tables.h"

#include <array>
#include <iterator>

#include <fmt/format.h>

#include "common/metrics/calibration.h"
#include "common/report/escape.h"
#include "common/report/meaning.h"
#include "common/report/numbers.h"
#include "common/report/sections.h"

namespace parlando::report {
namespace {

using Out = std::back_insert_iterator<std::string>;

void add_figures(const metrics::Evaluation& evaluation, Out out) {
  fmt::format_to(out,
                 "\n## Result on the test side\n\n{} test clips; intervals: {}, {} resamples.\n\n",
                 evaluation.n(), evaluation.interval_method, evaluation.resamples);
  fmt::format_to(out, "| figure | % | 95 % interval |\n|---|---:|---:|\n");
  const std::array<std::pair<const char*, const metrics::Figure*>, 4> figures{
      {{"accuracy", &evaluation.accuracy},
       {"UAR", &evaluation.uar},
       {"macro F1", &evaluation.macro_f1},
       {"weighted F1", &evaluation.weighted_f1}}};
  for (const auto& [name, figure] : figures) {
    fmt::format_to(out, "| {} | {} | {} to {} |\n", name, percent(figure->value),
                   percent(figure->low), percent(figure->high));
  }
}

void add_classes(const metrics::Evaluation& evaluation, Out out) {
  fmt::format_to(out,
                 "\n## Class by class\n\n| class | precision | recall | F1 | support |\n"
                 "|---|---:|---:|---:|---:|\n");
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    const metrics::ClassScores& scores = evaluation.per_class[i];
    fmt::format_to(out, "| {} | {} | {} | {} | {} |\n", escape_markdown(evaluation.classes[i]),
                   percent(scores.precision), percent(scores.recall), percent(scores.f1),
                   scores.support);
  }
  fmt::format_to(out,
                 "\n## Confusion matrix\n\nRows are true classes, columns recognised ones.\n\n| |");
  for (const std::string& name : evaluation.classes) {
    fmt::format_to(out, " {} |", escape_markdown(name));
  }
  fmt::format_to(out, "\n|---|");
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) fmt::format_to(out, "---:|");
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    fmt::format_to(out, "\n| {} |", escape_markdown(evaluation.classes[i]));
    for (std::size_t j = 0; j < evaluation.classes.size(); ++j) {
      fmt::format_to(out, " {} |", evaluation.confusion.count(i, j));
    }
  }
  fmt::format_to(out, "\n");
}

void add_groups(const metrics::Evaluation& evaluation, Out out) {
  if (evaluation.breakdowns.empty()) return;
  fmt::format_to(out, "\n## Groups\n\n| | | clips | accuracy | UAR |\n|---|---|---:|---:|---:|\n");
  for (const metrics::Breakdown& breakdown : evaluation.breakdowns) {
    for (const metrics::Group& group : breakdown.groups) {
      fmt::format_to(out, "| {} | {} | {} | {} | {} |\n", escape_markdown(breakdown.name),
                     escape_markdown(group.name), group.n, percent(group.accuracy),
                     percent(group.uar));
    }
  }
}

void add_confidence(const RunRecord& run, Out out) {
  if (run.predictions.empty()) return;
  const metrics::Calibration calibration = metrics::calibration_of(run.predictions);
  fmt::format_to(out,
                 "\n## Calibration\n\nExpected calibration error {} points, Brier score {:.3f}, "
                 "negative log likelihood {:.3f}.\n",
                 percent(calibration.ece), calibration.brier, calibration.nll);
  const std::vector<metrics::Prediction> wrong = confident_errors(run);
  if (wrong.empty()) return;
  fmt::format_to(
      out,
      "\n## The most confident errors\n\n| clip | true class | taken for | confidence |\n"
      "|---|---|---|---:|\n");
  const std::vector<std::string>& classes = run.evaluation->classes;
  for (const metrics::Prediction& prediction : wrong) {
    const auto predicted = static_cast<std::size_t>(prediction.predicted);
    fmt::format_to(out, "| {} | {} | {} | {} |\n", escape_markdown(prediction.clip),
                   escape_markdown(classes[static_cast<std::size_t>(prediction.truth)]),
                   escape_markdown(classes[predicted]),
                   percent(prediction.probabilities[predicted]));
  }
}

void add_protocol(const RunRecord& run, Out out) {
  fmt::format_to(out, "\n## Protocol\n\n{}.\n", escape_markdown(protocol_in_words(run)));
  if (!run.relations.empty()) {
    fmt::format_to(out, "\n| relation | sides | clips | tolerated |\n|---|---|---:|---|\n");
    for (const SideRelation& relation : run.relations) {
      fmt::format_to(out, "| {} | {} | {} | {} |\n", escape_markdown(relation.name),
                     escape_markdown(relation.sides), relation.count,
                     relation.tolerated ? "yes" : "no");
    }
  }
  for (const Dropped& clip : run.dropped_for_people()) {
    fmt::format_to(out, "\nOn no side: {}: {}\n", escape_markdown(clip.clip),
                   escape_markdown(clip.reason));
  }
  for (const TestRead& read : run.test_reads) {
    fmt::format_to(out, "\nTest side read: {}, {}: {} ({} clips)\n", escape_markdown(read.time),
                   escape_markdown(read.verb), escape_markdown(read.reason), read.clips);
  }
}

}  // namespace

std::string run_markdown(const RunRecord& run) {
  std::string text = fmt::format("# Run {}\n", escape_markdown(run.name));
  Out out = std::back_inserter(text);
  for (const std::string& warning : warnings(run)) {
    fmt::format_to(out, "\n> **{}**\n", escape_markdown(warning));
  }
  if (run.evaluation) add_figures(*run.evaluation, out);
  const std::vector<std::string> sentences = meaning(run);
  if (!sentences.empty()) fmt::format_to(out, "\n## What this shows, and what it does not\n\n");
  for (const std::string& sentence : sentences) {
    fmt::format_to(out, "* {}\n", escape_markdown(sentence));
  }
  if (run.evaluation) {
    add_classes(*run.evaluation, out);
    add_groups(*run.evaluation, out);
    add_confidence(run, out);
  }
  add_protocol(run, out);
  fmt::format_to(out, "\n## Versions\n\n| | |\n|---|---|\n");
  if (!run.seed.empty()) fmt::format_to(out, "| seed | {} |\n", escape_markdown(run.seed));
  for (const auto& [name, value] : run.versions) {
    fmt::format_to(out, "| {} | {} |\n", name, escape_markdown(value));
  }
  return text;
}

std::string per_class_csv(const metrics::Evaluation& evaluation) {
  std::string text = "class,precision,recall,f1,support\n";
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    const metrics::ClassScores& scores = evaluation.per_class[i];
    text += fmt::format("{},{},{},{},{}\n", escape_csv(evaluation.classes[i]), scores.precision,
                        scores.recall, scores.f1, scores.support);
  }
  return text;
}

std::string confusion_csv(const metrics::Evaluation& evaluation) {
  std::string text = "true";
  for (const std::string& name : evaluation.classes) text += fmt::format(",{}", escape_csv(name));
  text += "\n";
  for (std::size_t i = 0; i < evaluation.classes.size(); ++i) {
    text += escape_csv(evaluation.classes[i]);
    for (std::size_t j = 0; j < evaluation.classes.size(); ++j) {
      text += fmt::format(",{}", evaluation.confusion.count(i, j));
    }
    text += "\n";
  }
  return text;
}

}  // namespace parlando::report
