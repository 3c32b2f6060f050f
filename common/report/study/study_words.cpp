#include "common/report/study/study_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/report/numbers.h"

namespace parlando::report {
namespace {

constexpr std::size_t kSmallStudy = 4;  ///< rows that all get figures of their own
constexpr std::size_t kMostChosen = 6;

std::string titles_of(const StudyRecord& study, bool StudyEntry::*flag) {
  std::vector<std::string> titles;
  for (const StudyEntry& entry : study.entries) {
    if (entry.*flag) titles.push_back(entry.title);
  }
  return join_text(titles, ", ");
}

std::string leak_warning(const StudyRecord& study) {
  std::vector<std::string> rows;
  for (const StudyEntry& entry : study.entries) {
    if (entry.leaky())
      rows.push_back(fmt::format("{} ({})", entry.title, join_text(entry.leaks, ", ")));
  }
  if (rows.empty()) return "";
  return fmt::format(
      "ALLOWED LEAK. These rows let test clips take part in training or choosing, as published "
      "work "
      "did, to show what that brings: {}. Their figures are too good; they stand in tables of "
      "their "
      "own and are no results.",
      join_text(rows, "; "));
}

std::string missing_warning(const StudyRecord& study) {
  if (study.missing() == 0) return "";
  std::vector<std::string> rows;
  for (const StudyEntry& entry : study.entries) {
    if (!entry.missing.empty())
      rows.push_back(fmt::format("{}: {}", entry.title, join_text(entry.missing, ", ")));
  }
  return fmt::format(
      "INCOMPLETE. {} missing; figures and conclusions are of those that are there and will "
      "change. "
      "{}.",
      counted(static_cast<std::int64_t>(study.missing()), "run is", "runs are"),
      join_text(rows, "; "));
}

}  // namespace

std::string mean_text(const MeanSd& figure) {
  if (!std::isfinite(figure.sd)) return percent(figure.mean);
  return fmt::format("{} \u00b1 {}", percent(figure.mean), percent(figure.sd));
}

std::string interval_text(double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high)) return "-";
  return fmt::format("{} \u2013 {}", percent(low), percent(high));
}

std::string points(double difference) {
  if (!std::isfinite(difference)) return "-";
  const std::string text = fmt::format("{:+.1f}", 100 * difference);
  return text == "-0.0" || text == "+0.0" ? "0.0" : text;
}

std::string points_interval(double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high)) return "-";
  return fmt::format("{} to {}", points(low), points(high));
}

std::string p_text(double p) {
  constexpr double kSmallest = 0.001;
  if (!std::isfinite(p)) return "-";
  return p < kSmallest ? "< 0.001" : fmt::format("{:.3f}", p);
}

std::string runs_text(const StudyEntry& entry) {
  return entry.missing.empty() ? std::to_string(entry.runs.size())
                               : fmt::format("{} of {}", entry.runs.size(), entry.expected());
}

std::string conclusion(const Comparison& comparison) {
  if (!comparison.tested()) return "not tested: " + comparison.why_not;
  const double difference = comparison.test.mean;
  if (comparison.shown()) {
    return fmt::format("{} by {:.1f} points", difference > 0 ? "higher" : "lower",
                       100 * std::abs(difference));
  }
  if (!std::isfinite(comparison.detectable)) return "no difference shown: all pairs are equal";
  if (comparison.detectable >= 1) return "no difference shown; too few pairs to see any";
  return fmt::format("no difference shown; effects below {:.1f} points would not have been seen",
                     100 * comparison.detectable);
}

std::vector<std::string> study_warnings(const StudyRecord& study) {
  std::vector<std::string> texts{missing_warning(study), leak_warning(study)};
  const std::string controls = titles_of(study, &StudyEntry::permuted_labels);
  if (!controls.empty()) {
    texts.push_back(fmt::format(
        "CONTROL. The labels of {} are dealt out at random, so that a sound program recognises "
        "nothing.",
        controls));
  }
  if (!study.left_out.empty()) {
    texts.push_back(fmt::format(
        "LEFT OUT. The folder of results holds runs that the study's file does not declare: {}.",
        join_text(study.left_out, ", ")));
  }
  if (!study.declared) {
    texts.emplace_back(
        "NO FILE. The study's file was not found beside its results: nothing tells which runs are "
        "missing and which row is the baseline, so no row is compared.");
  }
  if (!study.config.tests()) {
    texts.emplace_back(
        "VALIDATION SIDE. All figures, also those named after tests, are of the validation sides: "
        "this study chooses, and the test sides are unread. The best of many rows is partly the "
        "luckiest; another study tells what it is worth.");
  }
  std::erase(texts, "");
  return texts;
}

std::vector<std::string> study_meaning(const StudyRecord& study, const StudyAnalysis& analysis) {
  std::vector<std::string> texts{
      study.config.tests() ? "All figures are of test sides. Rows without an allowed leak choose "
                             "epoch and learning rate on validation sides."
                           : "All figures are of validation sides.",
      fmt::format(
          "\u00b1 is the standard deviation over seeds. The interval of a mean is a 95 % "
          "bootstrap over speakers ({} resamples, the same speakers in all seeds): it counts "
          "which speakers were there to be tested, not the luck of seeds.",
          kStudyResamples)};
  if (analysis.family == 0) return texts;
  texts.emplace_back(
      "A row is compared with the baseline run by run with equal seed and fold, by the corrected "
      "resampled t-test (Nadeau & Bengio 2003), which allows for training sides that share clips. "
      "The interval of a difference is that test's, for this difference alone; the one by speaker "
      "counts speakers and not seeds, and nothing is concluded from it.");
  texts.push_back(fmt::format(
      "p is adjusted by Holm's method over all {} of this study, so that with no true difference "
      "at "
      "all the chance to conclude even one is at most 5 %. A conclusion is written only where the "
      "adjusted p is at most 0.05.",
      counted(static_cast<std::int64_t>(analysis.family), "comparison", "comparisons")));
  texts.push_back(fmt::format(
      "The smallest detectable effect is the true difference that the test finds with a chance of "
      "80 %, with the spread that was found: for one comparison alone at the level 0.05, and at "
      "0.05 / {}, the first step of Holm's method, which a conclusion may have to pass.",
      analysis.family));
  if (std::ranges::find(study.config.seed_sets, "split") == study.config.seed_sets.end()) {
    texts.emplace_back(
        "All seeds use one draw of the split: spread and tests do not count the luck of that "
        "draw.");
  }
  return texts;
}

std::vector<std::size_t> chosen_entries(const StudyRecord& study, const StudyAnalysis& analysis,
                                        const std::vector<std::string>& wanted) {
  std::vector<std::string> ids;
  for (const StudyEntry& entry : study.entries) ids.push_back(entry.id);
  for (const std::string& id : wanted) {
    if (std::ranges::find(ids, id) != ids.end()) continue;
    const std::string near = nearest(id, ids);
    fail(ErrorKind::usage, "the study has no row '{}'{}", id,
         near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
  }
  const auto differs = [&](std::size_t entry) {
    return std::ranges::any_of(analysis.comparisons, [&](const Comparison& comparison) {
      return comparison.entry == entry && comparison.shown();
    });
  };
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < study.entries.size(); ++i) {
    const StudyEntry& entry = study.entries[i];
    if (entry.runs.empty()) continue;
    const bool by_default = study.entries.size() <= kSmallStudy ||
                            entry.id == study.config.baseline ||
                            (entry.comparable() && differs(i) && chosen.size() < kMostChosen);
    const bool named = std::ranges::find(wanted, entry.id) != wanted.end();
    if (wanted.empty() ? by_default : named) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace parlando::report
