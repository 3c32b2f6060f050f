#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parlando {

/// The candidate nearest to `word` by edit distance, or "" if none is near enough to be a slip of
/// the pen.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// Splits at every `separator`; "" gives one empty part.
std::vector<std::string> split_text(std::string_view text, char separator);

/// Joins with `separator` between.
std::string join_text(const std::vector<std::string>& parts, std::string_view separator);

/// Without the spaces, tabs and line ends around it.
std::string trim_text(std::string_view text);

/// ASCII letters in lower case, all other bytes as they are.
std::string lower_text(std::string_view text);

/// True for well-formed UTF-8 (RFC 3629: no overlong form, no surrogate).
bool is_utf8(std::string_view text);

}  // namespace parlando
