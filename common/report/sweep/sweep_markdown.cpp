#include <cmath>

#include <fmt/format.h>

#include "common/report/escape.h"
#include "common/report/numbers.h"
#include "common/report/sweep/sections.h"
#include "common/report/sweep/words.h"

namespace parlando::report {
namespace {

/// Each line is a command of ours: none can end the block.
std::string code_block(const std::vector<std::string>& commands) {
  std::string text = "\n```sh\n";
  for (const std::string& command : commands) {
    for (const char c : command) text += c == '\n' || c == '\r' ? ' ' : c;
    text += "\n";
  }
  return text + "```\n";
}

std::string leaderboard(const SweepRecord& sweep) {
  std::string head =
      fmt::format("| rank | {} | 95 % | trials | epochs |", escape_markdown(sweep.metric));
  std::string rule = "|---:|---:|---:|---:|---:|";
  for (const SweepParameter& parameter : sweep.parameters) {
    head += fmt::format(" {} |", escape_markdown(parameter.key));
    rule += "---:|";
  }
  std::string text = "\n## Leaderboard\n\n" + head + "\n" + rule + "\n";
  std::size_t shown = 0;
  for (const SweepRow& row : sweep.rows) {
    if (row.trials.empty() || shown == kLeaderboardRows) continue;
    text += fmt::format("| {} | {} | {} | {} | {} |", ++shown, sweep.metric_text(row.mean),
                        interval_text(sweep, row), trials_text(row), row.epochs);
    for (const SweepParameter& parameter : sweep.parameters)
      text += fmt::format(" {} |", escape_markdown(value_text(sweep, row, parameter.key)));
    text += "\n";
  }
  return text;
}

std::string importance_table(const SweepRecord& sweep, const std::vector<Importance>& importance) {
  std::string text = fmt::format(
      "\n## Which parameters matter\n\n{}\n\n| parameter | share of variance | p | rank "
      "correlation "
      "| groups | configurations |\n|---|---:|---:|---:|---:|---:|\n",
      escape_markdown(importance_in_words(sweep)));
  for (const Importance& entry : importance) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                        escape_markdown(sweep.parameters[entry.parameter].key),
                        std::isfinite(entry.share) ? percent(entry.share) + " %" : "-",
                        std::isfinite(entry.p) ? fmt::format("{:.3f}", entry.p) : "-",
                        std::isfinite(entry.rho) ? fmt::format("{:+.2f}", entry.rho) : "-",
                        entry.groups, entry.configurations);
  }
  return text;
}

std::string open_table(const SweepRecord& sweep) {
  const auto failed = failures(sweep);
  const std::vector<int> open = open_trials(sweep);
  if (failed.empty() && open.empty()) return "";
  std::string text = "\n## Failed and missing trials\n\n";
  for (const auto& [error, trials] : failed)
    text += fmt::format("- failed: {}: {}\n", numbers_in_words(trials), escape_markdown(error));
  if (!open.empty()) text += fmt::format("- missing: {}\n", numbers_in_words(open));
  return text + code_block(continue_commands(sweep));
}

}  // namespace

std::string sweep_markdown(const SweepRecord& sweep, const std::vector<Importance>& importance) {
  std::string text =
      fmt::format("# Sweep {}\n\n{}; {}.\n\n", escape_markdown(sweep.name),
                  escape_markdown(counts_in_words(sweep)), escape_markdown(sweep.metric));
  for (const std::string& sentence : sweep_meaning(sweep))
    text += fmt::format("- {}\n", escape_markdown(sentence));
  const std::string command = test_command(sweep);
  if (!command.empty()) text += code_block({command});
  if (sweep.best() != nullptr) text += leaderboard(sweep);
  if (!importance.empty()) text += importance_table(sweep, importance);
  return text + open_table(sweep);
}

}  // namespace parlando::report
