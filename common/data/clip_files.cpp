#include "common/data/clip_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::data {
namespace {

std::string lower_ending(const std::string& name) {
  return lower_text(std::filesystem::path(name).extension().string());
}

bool is_clip_name(const std::string& name) {
  const std::string ending = lower_ending(name);
  return ending == ".wav" || ending == ".flac";
}

ClipFile describe(std::string path, const struct ::stat& status) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return {std::move(path), static_cast<std::int64_t>(status.st_size),
          static_cast<std::int64_t>(status.st_mtim.tv_sec) * kNanoseconds +
              static_cast<std::int64_t>(status.st_mtim.tv_nsec)};
}

class Walk {
 public:
  Walk(const std::filesystem::path& root, ClipListing& listing) : root_(root), listing_(listing) {}

  void run() {
    std::vector<std::string> pending{""};
    while (!pending.empty()) {
      const std::string folder = std::move(pending.back());
      pending.pop_back();
      std::vector<std::string> below = visit(folder);
      std::ranges::sort(below, std::greater<>{});
      std::ranges::move(below, std::back_inserter(pending));
    }
  }

 private:
  /// Takes the files of one folder, returns the folders in it.
  std::vector<std::string> visit(const std::string& folder) {
    std::vector<std::string> below;
    struct ::stat status {};
    const std::filesystem::path full = folder.empty() ? root_ : root_ / folder;
    if (::stat(full.c_str(), &status) != 0) return below;
    if (!entered_.emplace(status.st_dev, status.st_ino).second) return below;
    std::error_code error;
    std::filesystem::directory_iterator entry(full, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (name.starts_with('.')) continue;
      std::string path = folder.empty() ? name : fmt::format("{}/{}", folder, name);
      if (::stat(entry->path().c_str(), &status) != 0) {
        if (is_clip_name(name)) add_defect(path, std::strerror(errno));
      } else if (S_ISDIR(status.st_mode)) {
        if (is_clip_name(name)) listing_.defects.push_back({path, "a folder with a clip's name"});
        below.push_back(std::move(path));
      } else {
        add_file(std::move(path), status);
      }
    }
    if (error) add_defect(folder.empty() ? "." : folder, error.message());
    return below;
  }

  void add_file(std::string path, const struct ::stat& status) {
    if (!is_clip_name(path)) {
      ++listing_.other_files[lower_ending(path)];
    } else if (!S_ISREG(status.st_mode)) {
      listing_.defects.push_back({std::move(path), "not a regular file"});
    } else if (!is_utf8(path)) {
      listing_.defects.push_back({std::move(path), "its path is not UTF-8; rename it"});
    } else {
      listing_.files.push_back(describe(std::move(path), status));
    }
  }

  void add_defect(std::string path, const std::string& cause) {
    listing_.defects.push_back({std::move(path), "can't be read: " + cause});
  }

  const std::filesystem::path& root_;
  ClipListing& listing_;
  std::set<std::pair<dev_t, ino_t>> entered_;
};

}  // namespace

ClipListing list_clip_files(const std::filesystem::path& root) {
  ClipListing listing;
  Walk(root, listing).run();
  std::ranges::sort(listing.files, {}, &ClipFile::path);
  return listing;
}

ClipFile inspect_clip_file(const std::filesystem::path& root, const std::string& path) {
  struct ::stat status {};
  if (::stat((root / path).c_str(), &status) != 0) {
    fail(ErrorKind::data, "can't be read: {}", std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) fail(ErrorKind::data, "not a regular file");
  return describe(path, status);
}

}  // namespace parlando::data
