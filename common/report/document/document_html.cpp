#include <algorithm>

#include <fmt/format.h>

#include "common/report/base64.h"
#include "common/report/confusion_table.h"
#include "common/report/document/document.h"
#include "common/report/escape.h"
#include "common/report/page.h"

namespace parlando::report {
namespace {

constexpr int kHalfPage = 560;  ///< pixels; narrower pictures stand side by side

std::string folded(const std::string& fold, const std::string& html) {
  if (fold.empty()) return html;
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", escape_html(fold), html);
}

class HtmlBlock {
 public:
  explicit HtmlBlock(const DrawnPlots& drawn) : drawn_(drawn) {}

  std::string operator()(const Paragraph& paragraph) const {
    if (!paragraph.warning) return fmt::format("<p>{}</p>\n", escape_html(paragraph.text));
    const std::size_t stop = std::min(paragraph.text.find(". "), paragraph.text.size());
    return fmt::format("<p class=\"warning\" role=\"note\"><strong>{}</strong>{}</p>\n",
                       escape_html(paragraph.text.substr(0, stop)),
                       escape_html(paragraph.text.substr(stop)));
  }

  std::string operator()(const Bullets& bullets) const {
    std::string items;
    for (const std::string& item : bullets.items)
      items += fmt::format("<li>{}</li>\n", escape_html(item));
    return fmt::format("<ul class=\"meaning\">\n{}</ul>\n", items);
  }

  std::string operator()(const CommandLines& commands) const {
    std::string lines;
    for (const std::string& line : commands.lines) lines += escape_html(line) + "\n";
    return folded(commands.fold, fmt::format("<pre><code>{}</code></pre>\n", lines));
  }

  std::string operator()(const TextTable& table) const {
    std::string head, body;
    for (const TableColumn& column : table.columns) {
      head += fmt::format("<th scope=\"col\"{}>{}</th>", column.words ? " class=\"words\"" : "",
                          escape_html(column.name));
    }
    for (const TableRow& row : table.rows) {
      body += row.mark.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", row.mark);
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const char* words = table.columns[i].words ? " class=\"words\"" : "";
        body += i == 0
                    ? fmt::format("<th scope=\"row\"{}>{}</th>", words, escape_html(row.cells[i]))
                    : fmt::format("<td{}>{}</td>", words, escape_html(row.cells[i]));
      }
      body += "</tr>\n";
    }
    return folded(
        table.fold,
        fmt::format("<div class=\"scroll\"><table class=\"plain dense\"><caption>{}</caption>"
                    "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
                    escape_html(table.caption), head, body));
  }

  std::string operator()(const ConfusionBlock& block) const {
    return folded(block.fold, fmt::format("<h3>{}</h3>\n{}", escape_html(block.caption),
                                          confusion_table(block.classes, block.confusion)));
  }

  std::string operator()(const Plot& plot) const {
    const auto svg = drawn_.find(plot.name);
    if (svg == drawn_.end() || svg->second.empty()) return "";
    const std::string picture = fmt::format(
        "<img class=\"plot\" width=\"{}\" height=\"{}\" alt=\"{}\" "
        "src=\"data:image/svg+xml;base64,{}\"/>\n",
        plot.width, plot.height, escape_html(plot.description), base64(svg->second));
    std::string files;
    for (const char* ending : {"svg", "png", "gp", "dat"})
      files += fmt::format(" <a href=\"figures/{0}.{1}\">{1}</a>", plot.name, ending);
    return fmt::format(
        "<figure class=\"wide\">\n<figcaption>{}</figcaption>\n{}<p class=\"hint\">{}:{}</p>\n"
        "</figure>\n",
        escape_html(plot.caption), picture, escape_html(plot.name), files);
  }

 private:
  const DrawnPlots& drawn_;
};

}  // namespace

std::string blocks_html(const std::vector<Block>& blocks) {
  const DrawnPlots none;
  std::string html;
  for (const Block& block : blocks) html += std::visit(HtmlBlock(none), block);
  return html;
}

std::string sections_html(const std::vector<Section>& sections, const DrawnPlots& drawn) {
  std::string html;
  for (const Section& section : sections) {
    std::string content;
    bool in_pair = false;
    for (const Block& block : section.blocks) {
      const Plot* plot = std::get_if<Plot>(&block);
      const bool narrow = plot != nullptr && plot->width <= kHalfPage;
      if (narrow != in_pair) content += narrow ? "<div class=\"pair\">\n" : "</div>\n";
      in_pair = narrow;
      content += std::visit(HtmlBlock(drawn), block);
    }
    if (in_pair) content += "</div>\n";
    html += make_section(section.id, section.heading, section.lead, content);
  }
  return html;
}

}  // namespace parlando::report
