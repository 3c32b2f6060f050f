#include "tests/unit/report/markup.h"

#include <regex>
#include <set>

namespace parlando::report {
namespace {

std::string defect_of_text(const std::string& text) {
  static const std::regex kEntity("&(amp|lt|gt|quot|#39);");
  return std::regex_replace(text, kEntity, "").find('&') == std::string::npos
             ? ""
             : "stray & in: " + text;
}

/// Attributes of a tag's inside, after its name.
std::string defect_of_attributes(const std::string& inside, std::set<std::string>& ids) {
  static const std::regex kAttribute("\\s+([A-Za-z][\\w:-]*)=\"([^\"<]*)\"");
  std::set<std::string> names;
  std::string rest = inside;
  for (std::smatch match;
       std::regex_search(rest, match, kAttribute, std::regex_constants::match_continuous);) {
    if (!names.insert(match[1]).second) return "attribute twice in: " + inside;
    if (match[1] == "id" && !ids.insert(match[2]).second) return "id twice: " + match[2].str();
    const std::string defect = defect_of_text(match[2]);
    if (!defect.empty()) return defect;
    rest = match.suffix();
  }
  const bool closed = rest.empty() || rest == "/";
  return closed ? "" : "not an attribute: " + rest;
}

}  // namespace

std::string markup_defect(const std::string& markup) {
  static const std::set<std::string> kVoid{"meta", "br", "hr", "!DOCTYPE"};
  std::vector<std::string> open;
  std::set<std::string> ids;
  std::size_t at = 0;
  while (at < markup.size()) {
    const std::size_t start = markup.find('<', at);
    const bool in_style = !open.empty() && open.back() == "style";
    const std::string text = markup.substr(at, start - at);
    if (!in_style && !defect_of_text(text).empty()) return defect_of_text(text);
    if (start == std::string::npos) break;
    const std::size_t end = markup.find('>', start);
    if (end == std::string::npos) return "a tag is not closed";
    const std::string tag = markup.substr(start + 1, end - start - 1);
    const bool closing = tag.starts_with('/');
    const std::string name = tag.substr(closing, tag.find_first_of(" /\n", 1) - closing);
    if (closing) {
      if (open.empty() || open.back() != name) return "</" + name + "> closes nothing";
      open.pop_back();
    } else if (name != "!DOCTYPE") {
      const std::string defect = defect_of_attributes(tag.substr(name.size()), ids);
      if (!defect.empty()) return defect;
      if (!tag.ends_with('/') && !kVoid.contains(name)) open.push_back(name);
    }
    at = end + 1;
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

std::vector<std::string> pictures(const std::string& page) {
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = page.find("<svg", at)) != std::string::npos; ++at) {
    const std::size_t end = page.find("</svg>", at);
    if (end == std::string::npos) break;
    found.push_back(page.substr(at, end + 6 - at));
  }
  return found;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

}  // namespace parlando::report
