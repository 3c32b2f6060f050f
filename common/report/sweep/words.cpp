#include "common/report/sweep/words.h"

#include <cmath>

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/report/numbers.h"

namespace parlando::report {
namespace {

constexpr std::size_t kNumbersShown = 40;

std::int64_t signed_size(std::size_t size) {
  return static_cast<std::int64_t>(size);
}

/// As a word of a shell's command line.
std::string shell_word(const std::string& text) {
  constexpr const char* kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+=:,@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

const SweepTrial& any_trial_of(const SweepRecord& sweep, const SweepRow& row) {
  if (!row.trials.empty()) return sweep.trials[static_cast<std::size_t>(row.trials.front())];
  for (const SweepTrial& trial : sweep.trials) {
    if (trial.configuration == row.configuration) return trial;
  }
  return sweep.trials.front();
}

}  // namespace

std::string counts_in_words(const SweepRecord& sweep) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t n, const char* what) {
    if (n > 0) parts.push_back(fmt::format("{} {}", grouped(signed_size(n)), what));
  };
  add(sweep.count("finished"), "finished");
  add(sweep.count("stopped"), "stopped early");
  add(sweep.count("failed"), "failed");
  add(sweep.open(), "missing");
  return fmt::format(
      "{} of {}: {}", counted(signed_size(sweep.trials.size()), "trial", "trials"),
      counted(signed_size(sweep.configurations()), "configuration", "configurations"),
      join_text(parts, ", "));
}

std::vector<std::string> sweep_meaning(const SweepRecord& sweep) {
  std::vector<std::string> sentences{
      "All figures on this page are of the validation side. No trial has read the test side."};
  if (sweep.best() == nullptr) return sentences;
  std::size_t with_value = 0;
  for (const SweepRow& row : sweep.rows) with_value += row.trials.empty() ? 0 : 1;
  if (with_value > 1) {
    sentences.push_back(fmt::format(
        "The best of {} configurations was chosen by the very figure that is shown for it. That "
        "figure is too good: part of it is luck, the more so the more configurations there are. "
        "Its interval does not know of the choice.",
        grouped(signed_size(with_value))));
  }
  sentences.push_back(
      "What the best configuration is worth on new data, the test side says, once: the command "
      "below trains it and reads the test side at the end. A second look, and a choice by it, "
      "would "
      "make that figure optimistic as well.");
  return sentences;
}

std::string first_rung_in_words(const SweepRecord& sweep) {
  return sweep.halves() ? fmt::format("after {}, the first rung",
                                      counted(sweep.rungs.front(), "epoch", "epochs"))
                        : "at the end of the training";
}

std::string importance_in_words(const SweepRecord& sweep) {
  return fmt::format(
      "The share of the variance of {} between configurations, {}, that lies between the values of "
      "one parameter (many numbers: between four quarters of them), less what as many random "
      "groups would explain: epsilon squared, the adjusted R squared. p is how often 999 shuffles "
      "part the configurations as well; of many parameters some have a small p by chance. Rank "
      "correlation: Spearman's, +1 if the metric rises with the value. These are main effects "
      "only: "
      "a parameter that matters in company with another may show none, shares need not add up to "
      "100 %, and they hold for the ranges that were searched. A dash: too few configurations to "
      "tell.",
      sweep.metric, first_rung_in_words(sweep));
}

std::string test_command(const SweepRecord& sweep) {
  if (sweep.best() == nullptr) return "";
  return fmt::format("parlando train --config {} --data {} --run RUN",
                     shell_word((sweep.folder / "best.yaml").string()),
                     shell_word(sweep.best_data));
}

std::vector<std::string> continue_commands(const SweepRecord& sweep) {
  const std::string folder = shell_word(sweep.folder.string());
  return {"parlando sweep run --out " + folder, "parlando sweep submit --out " + folder};
}

std::map<std::string, std::vector<int>> failures(const SweepRecord& sweep) {
  std::map<std::string, std::vector<int>> result;
  for (const SweepTrial& trial : sweep.trials) {
    if (trial.status != "failed" || trial.open) continue;
    result[trial.error.empty() ? "no message" : trial.error].push_back(trial.number);
  }
  return result;
}

std::vector<int> open_trials(const SweepRecord& sweep) {
  std::vector<int> result;
  for (const SweepTrial& trial : sweep.trials) {
    if (trial.open) result.push_back(trial.number);
  }
  return result;
}

std::string numbers_in_words(const std::vector<int>& numbers) {
  std::vector<std::string> texts;
  for (const int number : numbers) {
    if (texts.size() == kNumbersShown) break;
    texts.push_back(std::to_string(number));
  }
  std::string text = join_text(texts, ", ");
  if (numbers.size() > texts.size())
    text += fmt::format(" and {} more", numbers.size() - texts.size());
  return text;
}

std::string interval_text(const SweepRecord& sweep, const SweepRow& row) {
  if (!row.ci95) return "-";
  const auto& [low, high] = *row.ci95;
  return sweep.percent() ? fmt::format("{} \u2013 {} %", percent(low), percent(high))
                         : fmt::format("{} \u2013 {}", compact(low), compact(high));
}

std::string trials_text(const SweepRow& row) {
  return row.trials.size() == row.expected
             ? std::to_string(row.expected)
             : fmt::format("{} of {}", row.trials.size(), row.expected);
}

std::string value_text(const SweepRecord& sweep, const SweepRow& row, const std::string& key) {
  const SweepTrial& trial = any_trial_of(sweep, row);
  const auto found = trial.parameters.find(key);
  return found == trial.parameters.end() ? "-" : found->second.text;
}

std::string trial_in_words(const SweepRecord& sweep, const SweepTrial& trial) {
  std::vector<std::string> parts;
  if (!trial.seed.empty()) parts.push_back("seed " + trial.seed);
  if (!trial.fold.empty()) parts.push_back("fold " + trial.fold);
  for (const SweepParameter& parameter : sweep.parameters) {
    const auto found = trial.parameters.find(parameter.key);
    if (found != trial.parameters.end()) parts.push_back(parameter.key + " " + found->second.text);
  }
  const std::string what = join_text(parts, ", ");
  return fmt::format("trial {}{}{}", trial.number, what.empty() ? "" : ": ", what);
}

}  // namespace parlando::report
