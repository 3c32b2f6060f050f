#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace parlando::test {

/// A new empty folder that is removed at the end.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Writes a file, its folders too.
void write_text(const std::filesystem::path& path, std::string_view text);

/// Reads a whole file; "" if it does not exist.
std::string read_text(const std::filesystem::path& path);

}  // namespace parlando::test
