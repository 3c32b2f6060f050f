#pragma once

#include <string>

namespace parlando::report {

/// The style of every page, light and dark, from page.css.
extern const char* const kPageCss;

/// A whole HTML document; `title` is plain text, `body` is HTML.
std::string make_page(const std::string& title, const std::string& body);

/// <section> with heading and an introduction (plain text, may be empty) around HTML.
std::string make_section(const std::string& id, const std::string& heading,
                         const std::string& introduction, const std::string& content);

/// <figure> around a chart, with a caption in plain text.
std::string make_figure(const std::string& chart, const std::string& caption);

}  // namespace parlando::report
