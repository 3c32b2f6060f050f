#include "common/report/page.h"

#include <fmt/format.h>

#include "common/core/version.h"
#include "common/report/escape.h"

namespace parlando::report {

std::string make_page(const std::string& title, const std::string& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"generator\" content=\"parlando {}\">\n<title>{}</title>\n<style>\n{}</style>\n"
      "</head>\n<body>\n<main>\n{}</main>\n<footer><p>Made by parlando {}. The page stands alone: "
      "it "
      "loads nothing and can be sent or archived as one file.</p></footer>\n</body>\n</html>\n",
      escape_html(version()), escape_html(title), kPageCss, body, escape_html(version()));
}

std::string make_section(const std::string& id, const std::string& heading,
                         const std::string& introduction, const std::string& content) {
  const std::string lead =
      introduction.empty() ? ""
                           : fmt::format("<p class=\"lead\">{}</p>\n", escape_html(introduction));
  return fmt::format(
      "<section id=\"{}\" aria-labelledby=\"{}-h\">\n<h2 id=\"{}-h\">{}</h2>\n{}{}</section>\n", id,
      id, id, escape_html(heading), lead, content);
}

std::string make_figure(const std::string& chart, const std::string& caption) {
  return fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", chart,
                     escape_html(caption));
}

}  // namespace parlando::report
