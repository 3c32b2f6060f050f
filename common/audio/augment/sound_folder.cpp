#include "common/audio/augment/sound_folder.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "common/core/error.h"

namespace parlando::audio {
namespace {

bool is_sound(const std::filesystem::directory_entry& entry) {
  std::string ending = entry.path().extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return (ending == ".wav" || ending == ".flac") && entry.is_regular_file();
}

}  // namespace

std::vector<std::string> list_sounds(const std::string& folder) {
  std::vector<std::string> files;
  try {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (is_sound(entry)) files.push_back(entry.path().string());
    }
  } catch (const std::filesystem::filesystem_error& error) {
    fail(ErrorKind::usage, "folder '{}' of sounds for augmentation: {}", folder,
         error.code().message());
  }
  if (files.empty()) {
    fail(ErrorKind::usage, "folder '{}' of sounds for augmentation holds no wav or FLAC file",
         folder);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace parlando::audio
