#include <algorithm>

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/report/escape.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/sweep/sections.h"
#include "common/report/sweep/words.h"

namespace parlando::report {
namespace {

std::string card(const std::string& name, const std::string& big, const std::string& unit,
                 const std::string& hint) {
  return fmt::format(
      "<div class=\"card\"><dt>{}</dt><dd><span class=\"big\">{}{}</span><span "
      "class=\"hint\">{}</span></dd></div>\n",
      escape_html(name), escape_html(big),
      unit.empty() ? "" : fmt::format("<span class=\"unit\">\u202f{}</span>", escape_html(unit)),
      escape_html(hint));
}

/// A dotted key, which may be broken behind its dots.
std::string breakable(const std::string& key) {
  std::string html;
  for (const std::string& part : split_text(key, '.'))
    html += (html.empty() ? "" : ".<wbr/>") + escape_html(part);
  return html;
}

std::string best_card(const SweepRecord& sweep) {
  const SweepRow* best = sweep.best();
  const std::string name = "best " + sweep.metric;
  if (best == nullptr) return card(name, "-", "", "no trial has a value");
  std::string hint = best->ci95 ? "95 % " + interval_text(sweep, *best) + ", " : "";
  hint += fmt::format("{}; chosen by this figure",
                      counted(static_cast<std::int64_t>(best->trials.size()), "trial", "trials"));
  if (!sweep.percent()) return card(name, compact(best->mean), "", hint);
  return card(name, percent(best->mean), "%", hint);
}

std::string epochs_card(const SweepRecord& sweep) {
  std::int64_t spent = 0;
  for (const SweepRow& row : sweep.rows) spent += row.epochs;
  const auto whole =
      static_cast<double>(sweep.rungs.back()) * static_cast<double>(sweep.trials.size());
  const std::string hint =
      sweep.halves() ? fmt::format("{} % of those that all trials to their end would take",
                                   percent(static_cast<double>(spent) / whole))
                     : "of all trials together";
  return card("epochs", grouped(spent), "", hint);
}

}  // namespace

std::string sweep_header(const SweepRecord& sweep) {
  std::string html = fmt::format(
      "<header>\n<p class=\"kicker\">parlando sweep</p>\n<h1>{}</h1>\n<p>{} \u00b7 {}</p>\n"
      "</header>\n",
      escape_html(sweep.name), escape_html(counts_in_words(sweep)),
      escape_html(sweep.metric +
                  (sweep.larger_is_better ? ", more is better" : ", less is better")));
  const std::size_t failed = sweep.count("failed"), open = sweep.open();
  if (failed + open > 0) {
    html += fmt::format(
        "<p class=\"warning\" role=\"note\"><strong>INCOMPLETE</strong>: {} of {} trials have no "
        "final result ({} failed, {} missing); <a href=\"#open\">how to go on</a>.</p>\n",
        failed + open, sweep.trials.size(), failed, open);
  }
  return html;
}

std::string sweep_headline_section(const SweepRecord& sweep) {
  std::string cards = best_card(sweep);
  cards += card(
      "trials", grouped(static_cast<std::int64_t>(sweep.trials.size())), "",
      fmt::format("{} finished, {} stopped early, {} failed, {} missing", sweep.count("finished"),
                  sweep.count("stopped"), sweep.count("failed"), sweep.open()));
  cards += epochs_card(sweep);
  return make_section("result", "Result", "", "<dl class=\"cards\">\n" + cards + "</dl>\n");
}

std::string sweep_meaning_section(const SweepRecord& sweep) {
  std::string content = "<ul class=\"meaning\">\n";
  for (const std::string& sentence : sweep_meaning(sweep))
    content += fmt::format("<li>{}</li>\n", escape_html(sentence));
  content += "</ul>\n";
  const std::string command = test_command(sweep);
  if (!command.empty()) content += fmt::format("<pre>{}</pre>\n", escape_html(command));
  return make_section("meaning", "What the figures mean", "", content);
}

std::string leaderboard_section(const SweepRecord& sweep) {
  if (sweep.best() == nullptr) return "";
  std::string head = fmt::format(
      "<th scope=\"col\">rank</th><th scope=\"col\">{}</th><th scope=\"col\">95 %</th><th "
      "scope=\"col\">trials</th><th scope=\"col\">epochs</th>",
      escape_html(sweep.metric));
  if (sweep.halves()) head += "<th scope=\"col\">came to</th>";
  for (const SweepParameter& parameter : sweep.parameters)
    head += fmt::format("<th scope=\"col\" class=\"key\">{}</th>", breakable(parameter.key));
  std::string rows;
  std::size_t shown = 0;
  for (const SweepRow& row : sweep.rows) {
    if (row.trials.empty() || shown == kLeaderboardRows) continue;
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>",
                        ++shown, escape_html(sweep.metric_text(row.mean)),
                        interval_text(sweep, row), trials_text(row), grouped(row.epochs));
    if (sweep.halves()) {
      rows += fmt::format("<td>epoch {}</td>",
                          sweep.rungs[static_cast<std::size_t>(std::max(0, row.rung))]);
    }
    for (const SweepParameter& parameter : sweep.parameters)
      rows += fmt::format("<td>{}</td>", escape_html(value_text(sweep, row, parameter.key)));
    rows += "</tr>\n";
  }
  std::string introduction =
      "Mean over a configuration's folds and seeds. The interval is Student's of that mean, or of "
      "one trial by bootstrap over the validation side's speakers; a trial stopped early has none.";
  if (sweep.halves()) {
    introduction +=
        " Those that came furthest stand first: figures after different numbers of epochs do not "
        "compare.";
  }
  std::string constants;
  for (const auto& [key, value] : sweep.constants)
    constants +=
        fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape_html(key), escape_html(value));
  if (!constants.empty()) {
    constants =
        "<h3>The same in all trials</h3>\n<dl class=\"facts code\">\n" + constants + "</dl>\n";
  }
  return make_section(
      "leaderboard", "Leaderboard", introduction,
      fmt::format("<div class=\"scroll\"><table class=\"plain\"><caption>The best {} of {}. All "
                  "trials are in results.csv.</caption><thead><tr>{}</tr></thead>\n<tbody>\n{}"
                  "</tbody></table></div>\n{}",
                  shown,
                  counted(static_cast<std::int64_t>(sweep.configurations()), "configuration",
                          "configurations"),
                  head, rows, constants));
}

}  // namespace parlando::report
