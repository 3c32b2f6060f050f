#pragma once

#include <string>
#include <string_view>

namespace parlando::report {

/// Bytes that are not UTF-8 and characters that XML 1.0 forbids replaced by U+FFFD each.
std::string well_formed_text(std::string_view text);

/// Text made safe for HTML and SVG content and quoted attributes: & < > " ' become entities; bytes
/// that are not UTF-8 and characters that XML forbids become U+FFFD.
std::string escape_html(std::string_view text);

/// Text made safe for a cell of a Markdown table: no line breaks, no markup of its own.
std::string escape_markdown(std::string_view text);

/// A CSV field (RFC 4180), quoted where needed; one that a spreadsheet would take for a formula
/// gets a leading apostrophe.
std::string escape_csv(std::string_view text);

}  // namespace parlando::report
