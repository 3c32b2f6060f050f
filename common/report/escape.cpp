#include "common/report/escape.h"

#include <cstdint>

namespace parlando::report {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

/// Bytes of the UTF-8 sequence that starts `text`, or 0 if it is malformed, overlong, a surrogate
/// or otherwise not a character that XML 1.0 allows.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) {
    const bool allowed = byte(0) >= 0x20 || text[0] == '\t' || text[0] == '\n' || text[0] == '\r';
    return allowed && byte(0) != 0x7F ? 1 : 0;
  }
  const std::size_t length = byte(0) >= 0xF0   ? (byte(0) < 0xF5 ? 4 : 0)
                             : byte(0) >= 0xE0 ? 3
                             : byte(0) >= 0xC2 ? 2
                                               : 0;
  if (length == 0 || text.size() < length) return 0;
  std::uint32_t code = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool forbidden = (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF || code == 0xFFFE ||
                         code == 0xFFFF || (code >= 0x80 && code < 0xA0);
  return overlong || forbidden ? 0 : length;
}

}  // namespace

std::string well_formed_text(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      result += kReplacement;
      text.remove_prefix(1);
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result;
}

std::string escape_html(std::string_view text) {
  std::string result;
  for (const char c : well_formed_text(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string escape_markdown(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]|#!";
  std::string result;
  for (const char c : well_formed_text(text)) {
    if (c == '\n' || c == '\r' || c == '\t') {
      result += ' ';
      continue;
    }
    if (c == '<' || c == '>' || c == '&') {
      result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
      continue;
    }
    if (kMarkup.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string escape_csv(std::string_view text) {
  std::string clean = well_formed_text(text);
  if (!clean.empty() &&
      std::string_view("=+-@\t\r").find(clean.front()) != std::string_view::npos) {
    clean.insert(clean.begin(), '\'');
  }
  if (clean.find_first_of(",\"\r\n") == std::string::npos) return clean;
  std::string quoted = "\"";
  for (const char c : clean) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace parlando::report
