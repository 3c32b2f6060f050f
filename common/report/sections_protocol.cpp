#include <fmt/format.h>

#include "common/report/escape.h"
#include "common/report/meaning.h"
#include "common/report/numbers.h"
#include "common/report/page.h"
#include "common/report/sections.h"

namespace parlando::report {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kLongValue = 36;  ///< bytes from which on a value gets a row of its own

std::string pair_list(const Pairs& pairs, const std::string& css_class) {
  std::string items;
  for (const auto& [name, value] : pairs) {
    items +=
        fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape_html(name), escape_html(value));
  }
  return items.empty() ? "" : fmt::format("<dl class=\"{}\">\n{}</dl>\n", css_class, items);
}

/// "train/test" with room for a line break on narrow screens.
std::string sides_in_words(const std::string& sides) {
  std::string text;
  for (const char c : escape_html(sides)) text += c == '/' ? " / " : std::string(1, c);
  return text;
}

std::string relation_table(const RunRecord& run) {
  if (run.relations.empty()) return "<p>This run has no record of the audit of its split.</p>\n";
  std::string rows;
  for (const SideRelation& relation : run.relations) {
    const bool leak = relation.count > 0 && !relation.tolerated;
    rows += fmt::format(
        "<tr{}><th scope=\"row\">{}</th><td class=\"words\">{}</td><td>{}</td><td "
        "class=\"words\">{}</td>"
        "</tr>\n",
        leak ? " class=\"leak\"" : "", escape_html(relation_in_words(relation.name)),
        sides_in_words(relation.sides), grouped(relation.count),
        leak                 ? "not tolerated"
        : relation.tolerated ? "tolerated"
                             : "none, as required");
  }
  return fmt::format(
      "<div class=\"scroll\"><table class=\"plain\"><caption>Clips of the right-hand side that "
      "have such a "
      "relative on the left-hand side</caption><thead><tr><th scope=\"col\">relation</th><th "
      "scope=\"col\" "
      "class=\"words\">sides</th><th scope=\"col\">clips</th><th scope=\"col\" class=\"words\">by "
      "the "
      "protocol</th></tr></thead><tbody>\n{}</tbody></table></div>\n",
      rows);
}

std::string dropped_list(const RunRecord& run) {
  if (run.dropped.empty()) return "";
  std::string items;
  for (const Dropped& clip : run.dropped_for_people()) {
    items += fmt::format("<li><code>{}</code> {}</li>\n", escape_html(clip.clip),
                         escape_html(clip.reason));
  }
  return fmt::format("<h3>On no side</h3>\n<ul>\n{}</ul>\n", items);
}

std::string reads_table(const RunRecord& run) {
  if (run.test_reads.empty()) return "";
  std::string rows;
  for (const TestRead& read : run.test_reads) {
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"words\">{}</td><td "
        "class=\"words\">{}</td><td>{}</td>"
        "</tr>\n",
        escape_html(read.time), escape_html(read.verb), escape_html(read.reason),
        grouped(read.clips));
  }
  return fmt::format(
      "<h3>Reads of the test side</h3>\n<div class=\"scroll\"><table "
      "class=\"plain\"><caption>Every time that "
      "a program looked at the test clips</caption><thead><tr><th scope=\"col\">when</th><th "
      "scope=\"col\" "
      "class=\"words\">verb</th><th scope=\"col\" class=\"words\">why</th><th "
      "scope=\"col\">clips</th></tr>"
      "</thead><tbody>\n{}</tbody></table></div>\n",
      rows);
}

}  // namespace

std::string warning_banners(const RunRecord& run) {
  std::string html;
  for (const std::string& text : warnings(run)) {
    const std::size_t stop = text.find(". ");
    html += fmt::format("<p class=\"warning\" role=\"note\"><strong>{}.</strong> {}</p>\n",
                        escape_html(text.substr(0, stop)), escape_html(text.substr(stop + 2)));
  }
  return html;
}

std::string meaning_section(const RunRecord& run) {
  const std::vector<std::string> texts = meaning(run);
  if (texts.empty()) return "";
  std::string items;
  for (const std::string& text : texts) items += fmt::format("<li>{}</li>\n", escape_html(text));
  return make_section("meaning", "What this shows, and what it does not", "",
                      "<ul class=\"meaning\">\n" + items + "</ul>\n");
}

std::string protocol_section(const RunRecord& run) {
  Pairs facts;
  for (const char* side : {"train", "validation", "test"}) {
    const auto clips = run.side_sizes.find(side);
    if (clips != run.side_sizes.end()) {
      facts.emplace_back(fmt::format("{} side", side), counted(clips->second, "clip", "clips"));
    }
  }
  std::string lead = "Protocol: " + protocol_in_words(run);
  if (!run.split_seed.empty()) lead += ", split seed " + run.split_seed;
  return make_section(
      "protocol", "How the clips were divided", lead + ".",
      pair_list(facts, "facts") + relation_table(run) + dropped_list(run) + reads_table(run));
}

std::string provenance_section(const RunRecord& run) {
  Pairs facts;
  if (!run.corpus_name.empty()) facts.emplace_back("corpus", run.corpus_name);
  if (!run.seed.empty()) facts.emplace_back("seed", run.seed);
  if (run.parameters > 0) facts.emplace_back("parameters", grouped(run.parameters));
  facts.insert(facts.end(), run.versions.begin(), run.versions.end());
  std::string html = pair_list(facts, "facts code");
  if (!run.environment.empty()) {
    html += "<h3>Machine</h3>\n" + pair_list(run.environment, "facts code");
  }
  if (!run.config.empty()) {
    html += fmt::format(
        "<details><summary>Effective "
        "configuration</summary>\n<pre><code>{}</code></pre></details>\n",
        escape_html(run.config));
  }
  if (!run.missing.empty()) {
    std::string files;
    for (const std::string& file : run.missing) {
      files += fmt::format("{}<code>{}</code>", files.empty() ? "" : ", ", escape_html(file));
    }
    html += fmt::format("<p>Not in the run folder: {}.</p>\n", files);
  }
  return make_section("provenance", "What it takes to repeat it", "", html);
}

}  // namespace parlando::report
