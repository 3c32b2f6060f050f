#include "predict/input/clip_list.h"

#include <filesystem>

#include "common/core/text.h"
#include "common/data/clip_files.h"

namespace parlando::predict {
namespace {

void add_folder(const std::filesystem::path& folder, ClipList& list) {
  const data::ClipListing listing = data::list_clip_files(folder);
  for (const data::ClipFile& file : listing.files) {
    list.paths.push_back((folder / file.path).string());
  }
  for (const data::Defect& defect : listing.defects) {
    list.defects.push_back({(folder / defect.path).string(), defect.reason});
  }
  if (listing.files.empty() && listing.defects.empty()) {
    list.defects.push_back({folder.string(), "no wav or FLAC file is in this folder"});
  }
}

void add(const std::string& path, ClipList& list) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    add_folder(path, list);
  } else {
    list.paths.push_back(path);  // decoding says what is wrong with it
  }
}

}  // namespace

ClipList list_clips(const std::vector<std::string>& inputs, std::istream& standard_input) {
  ClipList list;
  for (const std::string& input : inputs) {
    if (input != "-") {
      add(input, list);
      continue;
    }
    for (std::string line; std::getline(standard_input, line);) {
      const std::string path = trim_text(line);
      if (!path.empty()) add(path, list);
    }
  }
  return list;
}

}  // namespace parlando::predict
