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

}  // namespace parlando
