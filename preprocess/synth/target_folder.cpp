#include "preprocess/synth/target_folder.h"

#include <algorithm>
#include <cctype>

#include "common/core/error.h"
#include "common/data/scan.h"

namespace parlando::preprocess {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockName = ".lock";
constexpr const char* kRemedy =
    "choose another folder, or delete this one if nothing in it is needed";

bool is_audio(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending == ".wav" || ending == ".flac";
}

void refuse_foreign_content(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    // What a run leaves that was killed before it wrote its marker.
    if (name == kLockName || name.starts_with(std::string(data::kCorpusMarker) + ".tmp-")) continue;
    fail(ErrorKind::artefact, "{}: the folder is not empty ('{}') and not a synthetic corpus; {}",
         folder.string(), name, kRemedy);
  }
}

void refuse_other_marker(const fs::path& path, const Json& marker) {
  const Json found = read_json(path);
  for (const auto& [key, value] : marker.items()) {
    const bool there = found.is_object() && found.contains(key);
    if (there && found[key] == value) continue;
    fail(ErrorKind::artefact,
         "{}: the folder holds another synthetic corpus ({} is {}, asked for {}); {}",
         path.string(), key, there ? found[key].dump() : "absent", value.dump(), kRemedy);
  }
}

}  // namespace

void check_target_folder(const fs::path& folder, const Json& marker,
                         const std::unordered_set<std::string>& expected) {
  try {
    if (!fs::exists(folder)) return;
    if (!fs::is_directory(folder)) {
      fail(ErrorKind::artefact, "{}: is a file; give the name of a folder", folder.string());
    }
    if (!fs::exists(folder / data::kCorpusMarker)) return refuse_foreign_content(folder);
    refuse_other_marker(folder / data::kCorpusMarker, marker);
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      if (!is_audio(entry.path())) continue;
      const std::string path = entry.path().lexically_relative(folder).generic_string();
      if (expected.contains(path)) continue;
      fail(ErrorKind::artefact, "{}: '{}' is no clip of this corpus; move it away and run again",
           folder.string(), path);
    }
  } catch (const fs::filesystem_error& error) {
    fail(ErrorKind::artefact, "{}: cannot read the folder: {}", folder.string(),
         error.code().message());
  }
}

}  // namespace parlando::preprocess
