#include "common/report/confusion_table.h"

#include <cstdint>

#include <fmt/format.h>

#include "common/report/escape.h"

namespace parlando::report {
namespace {

constexpr double kDarkCell = 0.55;  ///< from this share on, a cell's text is light

std::string confusion_cell(std::int64_t count, std::int64_t support, bool hit,
                           const std::string& label) {
  const double share = support == 0 ? 0 : static_cast<double>(count) / static_cast<double>(support);
  std::string css_class = hit ? "hit" : "miss";
  if (count == 0) css_class += " none";
  if (share >= kDarkCell) css_class += " strong";
  return fmt::format(
      "<td class=\"{}\" style=\"--share:{:.3f}\" "
      "title=\"{}\"><b>{}</b><small>{:.0f}<i>\u202f%</i></small></td>",
      css_class, share, escape_html(label), count, 100 * share);
}

}  // namespace

std::string confusion_table(const std::vector<std::string>& classes,
                            const metrics::ConfusionMatrix& confusion) {
  std::string head, rows;
  for (const std::string& name : classes)
    head += fmt::format("<th scope=\"col\"><span>{}</span></th>", escape_html(name));
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const std::int64_t support = confusion.support(i);
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(classes[i]));
    for (std::size_t j = 0; j < classes.size(); ++j) {
      const std::int64_t count = confusion.count(i, j);
      rows += confusion_cell(count, support, i == j,
                             fmt::format("{} of {} {} clips recognised as {}", count, support,
                                         classes[i], classes[j]));
    }
    rows += fmt::format("<td class=\"sum\">{}</td></tr>\n", support);
  }
  return fmt::format(
      "<div class=\"scroll\"><table class=\"confusion\"><caption>Confusion matrix: rows are true "
      "classes, columns recognised classes</caption><thead><tr><th scope=\"col\"><span>true \u2193 "
      "recognised \u2192</span></th>{}<th scope=\"col\"><span>clips</span></th></tr></thead>"
      "<tbody>\n{}</tbody></table></div>\n",
      head, rows);
}

}  // namespace parlando::report
