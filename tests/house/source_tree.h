#pragma once

#include <string>
#include <vector>

namespace parlando::house {

/// One file of the source tree, as the tests of this folder see it.
struct SourceFile {
  std::string path;  ///< relative to the root, with '/'
  std::string text;

  bool is_code() const;
  std::vector<std::string> lines() const;
  /// What its #include lines name, in order, without quotes or brackets.
  std::vector<std::string> includes() const;
};

/// Every file of the project: all under PARLANDO_SOURCE but build output, .git and what setup
/// installs.
const std::vector<SourceFile>& source_tree();

}  // namespace parlando::house
