#include <algorithm>

#include <fmt/format.h>

#include "common/report/document/document.h"
#include "common/report/escape.h"

namespace parlando::report {
namespace {

std::string table_line(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += fmt::format(" {} |", escape_markdown(cell));
  return line + "\n";
}

/// How often `mark` stands in a row at most: a fence of more of them ends behind the text alone.
std::size_t longest_run(const std::string& text, char mark) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == mark ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

class MarkdownBlock {
 public:
  explicit MarkdownBlock(const DrawnPlots& drawn) : drawn_(drawn) {}

  std::string operator()(const Paragraph& paragraph) const {
    return paragraph.warning ? fmt::format("> **{}**\n\n", escape_markdown(paragraph.text))
                             : escape_markdown(paragraph.text) + "\n\n";
  }

  std::string operator()(const Bullets& bullets) const {
    std::string text;
    for (const std::string& item : bullets.items)
      text += fmt::format("* {}\n", escape_markdown(item));
    return text + "\n";
  }

  std::string operator()(const CommandLines& commands) const {
    std::string lines;
    for (const std::string& line : commands.lines) {
      for (const char c : well_formed_text(line)) lines += c == '\n' || c == '\r' ? ' ' : c;
      lines += "\n";
    }
    const std::string fence(longest_run(lines, '`') < 3 ? 3 : longest_run(lines, '`') + 1, '`');
    const std::string heading =
        commands.fold.empty() ? "" : escape_markdown(commands.fold) + "\n\n";
    return fmt::format("{}{}sh\n{}{}\n\n", heading, fence, lines, fence);
  }

  std::string operator()(const TextTable& table) const {
    std::vector<std::string> names;
    std::string rule = "|";
    for (const TableColumn& column : table.columns) {
      names.push_back(column.name);
      rule += column.words ? "---|" : "---:|";
    }
    std::string text = escape_markdown(table.caption) + "\n\n" + table_line(names) + rule + "\n";
    for (const TableRow& row : table.rows) text += table_line(row.cells);
    return text + "\n";
  }

  std::string operator()(const ConfusionBlock& block) const {
    TextTable table{.caption = block.caption, .columns = {{"true", true}}, .rows = {}};
    for (const std::string& name : block.classes) table.columns.push_back({name});
    for (std::size_t i = 0; i < block.classes.size(); ++i) {
      std::vector<std::string> cells{block.classes[i]};
      for (std::size_t j = 0; j < block.classes.size(); ++j)
        cells.push_back(std::to_string(block.confusion.count(i, j)));
      table.rows.push_back({std::move(cells)});
    }
    return (*this)(table);
  }

  std::string operator()(const Plot& plot) const {
    const auto svg = drawn_.find(plot.name);
    if (svg == drawn_.end() || svg->second.empty()) return "";
    return fmt::format("![{}](figures/{}.svg)\n\n", escape_markdown(plot.caption), plot.name);
  }

 private:
  const DrawnPlots& drawn_;
};

}  // namespace

std::string sections_markdown(const std::vector<Section>& sections, const DrawnPlots& drawn,
                              bool brief) {
  const DrawnPlots none;
  std::string text;
  for (const Section& section : sections) {
    if (brief && !section.brief) continue;
    text += fmt::format("## {}\n\n", escape_markdown(section.heading));
    if (!section.lead.empty()) text += escape_markdown(section.lead) + "\n\n";
    for (const Block& block : section.blocks)
      text += std::visit(MarkdownBlock(brief ? none : drawn), block);
  }
  return text;
}

}  // namespace parlando::report
