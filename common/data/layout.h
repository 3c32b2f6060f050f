#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/data/clip.h"

namespace parlando::data {

/// How a corpus writes the labels of its clips into file and folder names.
struct Layout {
  const char* name;                                  ///< of the option: "ravdess", "emodb", ...
  const char* corpus;                                ///< "RAVDESS", "EMO-DB", ...
  const char* pattern;                               ///< what a name looks like, for messages
  std::vector<std::string> classes;                  ///< in the order of their indices
  Clip (*parse)(const std::filesystem::path& path);  ///< labels and id, or Error(data) with the
                                                     ///< reason alone
};

/// Every layout, RAVDESS first.
const std::vector<Layout>& layouts();

/// "auto" and the names of all layouts.
const std::vector<std::string>& layout_names();

/// The layout of that name. "auto": the first that labels more than half of `paths`, else the one
/// that labels most, RAVDESS if none labels any. Throws Error(usage) for another name.
const Layout& choose_layout(const std::string& name, std::span<const std::string> paths);

}  // namespace parlando::data
