#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parlando::report {

/// What is wrong with markup that must be well-formed XML ("" if nothing): tags that do not nest, a
/// stray < or &, attributes without quotes or twice, an id twice. Void HTML elements may stand
/// open.
std::string markup_defect(const std::string& markup);

/// Every <svg>...</svg> of a page.
std::vector<std::string> pictures(const std::string& page);

std::size_t occurrences(const std::string& text, const std::string& part);

}  // namespace parlando::report
