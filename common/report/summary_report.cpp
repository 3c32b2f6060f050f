#include "common/report/summary_report.h"

#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/report/bar_chart.h"
#include "common/report/escape.h"
#include "common/report/meaning.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/run_report.h"

namespace parlando::report {
namespace {

using Runs = std::span<const RunRecord>;

std::string mean_text(const MeanSd& figure) {
  return std::isfinite(figure.sd)
             ? fmt::format("{} \u00b1 {}", percent(figure.mean), percent(figure.sd))
             : percent(figure.mean);
}

std::string group_title(Runs runs, const RunGroup& group) {
  const RunRecord& first = runs[group.runs.front()];
  return fmt::format("{}, {}", first.corpus_name, protocol_in_words(first));
}

std::string group_rows(Runs runs, const RunGroup& group, const std::vector<std::string>& folders) {
  std::string rows;
  for (const std::size_t i : group.runs) {
    rows +=
        fmt::format("<tr><th scope=\"row\"><a href=\"{}/index.html\">{}</a></th><td>{}</td>",
                    escape_html(folders[i]), escape_html(runs[i].name), escape_html(runs[i].seed));
    for (const metrics::Figure& figure : figures_of(*runs[i].evaluation)) {
      rows += fmt::format("<td>{}</td>", percent(figure.value));
    }
    rows += fmt::format("<td>{}</td><td>{}</td></tr>\n", runs[i].evaluation->n(),
                        readable_duration(runs[i].train_seconds));
  }
  if (group.runs.size() > 1) {
    rows += fmt::format("<tr class=\"mean\"><th scope=\"row\">mean \u00b1 sd</th><td>{} runs</td>",
                        group.runs.size());
    for (const MeanSd& figure : figures_of(group)) {
      rows += fmt::format("<td>{}</td>", mean_text(figure));
    }
    rows += "<td></td><td></td></tr>\n";
  }
  return rows;
}

std::string group_section(Runs runs, const RunGroup& group, std::size_t number,
                          const std::vector<std::string>& folders) {
  std::string head;
  for (const char* name : kFigureNames) head += fmt::format("<th scope=\"col\">{}</th>", name);
  DotChart chart;
  chart.id = fmt::format("chart-group-{}", number);
  chart.title = "Accuracy of each run";
  chart.reference = group.accuracy.mean;
  chart.reference_label = fmt::format("mean {} %", percent(group.accuracy.mean));
  for (const std::size_t i : group.runs) {
    const metrics::Figure& accuracy = runs[i].evaluation->accuracy;
    const std::string label = runs[i].seed.empty() ? runs[i].name : "seed " + runs[i].seed;
    chart.rows.push_back({label, fmt::format("n = {}", runs[i].evaluation->n()), accuracy.value,
                          accuracy.low, accuracy.high});
    chart.description += fmt::format("{}: {} %. ", label, percent(accuracy.value));
  }
  return make_section(
      fmt::format("group-{}", number), group_title(runs, group),
      group.runs.size() > 1 ? "These runs differ in nothing but the seed." : "",
      fmt::format(
          "<div class=\"scroll\"><table class=\"plain\"><caption>Test side, per "
          "cent</caption><thead><tr>"
          "<th scope=\"col\">run</th><th scope=\"col\">seed</th>{}<th scope=\"col\">clips</th>"
          "<th scope=\"col\">training</th></tr></thead><tbody>\n{}</tbody></table></div>\n",
          head, group_rows(runs, group, folders)) +
          (group.runs.size() > 1
               ? make_figure(draw_dot_chart(chart), "Accuracy with 95 % intervals")
               : std::string()));
}

std::string unfinished_section(Runs runs, const std::vector<std::string>& folders) {
  std::string items;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].evaluation) continue;
    items += fmt::format("<li><a href=\"{}/index.html\">{}</a>: {}</li>\n", escape_html(folders[i]),
                         escape_html(runs[i].name), escape_html(warnings(runs[i]).back()));
  }
  return items.empty() ? ""
                       : make_section("unfinished", "Not evaluated", "", "<ul>" + items + "</ul>");
}

std::string banners(Runs runs) {
  std::map<std::string, std::vector<std::string>> names;
  for (const RunRecord& run : runs) {
    if (!run.evaluation) continue;
    for (const std::string& text : warnings(run)) names[text].push_back(run.name);
  }
  std::string html;
  for (const auto& [text, affected] : names) {
    html += fmt::format("<p class=\"warning\" role=\"note\"><strong>{}</strong>: {}</p>\n",
                        escape_html(join_text(affected, ", ")), escape_html(text));
  }
  return html;
}

std::string markdown(Runs runs, const std::vector<RunGroup>& groups) {
  std::string text = fmt::format("# {} runs\n", runs.size());
  for (const RunRecord& run : runs) {
    for (const std::string& warning : warnings(run)) {
      text += fmt::format("\n> **{}: {}**\n", escape_markdown(run.name), escape_markdown(warning));
    }
  }
  for (const RunGroup& group : groups) {
    text += fmt::format(
        "\n## {}\n\n| run | seed | accuracy | UAR | macro F1 | weighted F1 | clips |\n"
        "|---|---:|---:|---:|---:|---:|---:|\n",
        escape_markdown(group_title(runs, group)));
    for (const std::size_t i : group.runs) {
      text +=
          fmt::format("| {} | {} |", escape_markdown(runs[i].name), escape_markdown(runs[i].seed));
      for (const metrics::Figure& figure : figures_of(*runs[i].evaluation)) {
        text += fmt::format(" {} |", percent(figure.value));
      }
      text += fmt::format(" {} |\n", runs[i].evaluation->n());
    }
    if (group.runs.size() < 2) continue;
    text += "| **mean \u00b1 sd** | |";
    for (const MeanSd& figure : figures_of(group)) text += fmt::format(" {} |", mean_text(figure));
    text += " |\n";
  }
  return text;
}

std::string csv(Runs runs) {
  std::string text = "run,seed,accuracy,uar,macro_f1,weighted_f1,n_test,train_seconds,leaks\n";
  for (const RunRecord& run : runs) {
    if (!run.evaluation) continue;
    text += fmt::format("{},{}", escape_csv(run.name), escape_csv(run.seed));
    for (const metrics::Figure& figure : figures_of(*run.evaluation)) {
      text += fmt::format(",{}", figure.value);
    }
    text += fmt::format(",{},{},{}\n", run.evaluation->n(), run.train_seconds,
                        join_text(run.allowed_leaks, " "));
  }
  return text;
}

}  // namespace

std::vector<std::string> page_folders(Runs runs) {
  std::vector<std::string> folders;
  std::set<std::string> taken;
  for (const RunRecord& run : runs) {
    std::string name = run.name;
    for (int number = 2; !taken.insert(name).second; ++number) {
      name = fmt::format("{}-{}", run.name, number);
    }
    folders.push_back(name);
  }
  return folders;
}

void write_summary_report(std::span<const std::filesystem::path> run_folders,
                          const std::filesystem::path& out_folder) {
  std::vector<RunRecord> runs;
  for (const std::filesystem::path& folder : run_folders) runs.push_back(read_run(folder));
  const std::vector<RunGroup> groups = group_runs(runs);
  const std::vector<std::string> folders = page_folders(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    write_run_report(run_folders[i], out_folder / folders[i]);
  }
  std::string body = fmt::format(
      "<header>\n<p class=\"kicker\">parlando report</p>\n<h1>{} runs</h1>\n<p>{}</p>\n</header>\n",
      runs.size(),
      counted(static_cast<std::int64_t>(groups.size()), "configuration", "configurations"));
  body += banners(runs);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    body += group_section(runs, groups[i], i + 1, folders);
  }
  body += unfinished_section(runs, folders);
  write_file_atomically(out_folder / "index.html",
                        make_page(fmt::format("{} runs", runs.size()), body));
  write_file_atomically(out_folder / "report.md", markdown(runs, groups));
  write_file_atomically(out_folder / "runs.csv", csv(runs));
}

}  // namespace parlando::report
