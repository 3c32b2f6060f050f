#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace parlando::test {

/// One way in which a file of a corpus can be unusable.
struct DefectiveClip {
  std::string kind;    ///< in words
  std::string path;    ///< relative to the corpus; each kind has its own
  std::string reason;  ///< a part of what has to be said of it
  std::function<void(const std::filesystem::path&)> make;
};

/// Damaged sound and files that are no sound, with sound names.
std::vector<DefectiveClip> damaged_sound();

/// Sound whose name is no RAVDESS name, or one that stands twice.
std::vector<DefectiveClip> misnamed_sound();

/// What is no regular file.
std::vector<DefectiveClip> odd_files();

}  // namespace parlando::test
