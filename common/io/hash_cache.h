#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace parlando {

/// Computes a hash of what a file holds.
using FileHash = std::function<std::string(const std::filesystem::path&)>;

/// Hashes of files from earlier runs: a file of equal path, size and modification time is not read
/// again. Kept in a JSON file, {"format":"parlando-hashes","files":{"<kind> <path>":{"bytes":..,
/// "modified_ns":..,"hash":..}}}, which is ignored where it can't be used. Thread-safe.
class HashCache {
 public:
  explicit HashCache(std::filesystem::path file);

  /// `kind` tells the several hashes of one file apart. Throws what `compute` throws.
  std::string get(const std::string& kind, const std::filesystem::path& path,
                  const FileHash& compute);

  /// Writes what get() has given, if that differs from the file. One that can't be written is not
  /// an error: only time is lost.
  void save();

 private:
  struct Entry {
    std::int64_t bytes = 0;
    std::int64_t modified_ns = 0;
    std::string hash;
  };
  void load();

  std::filesystem::path file_;
  std::mutex mutex_;
  std::map<std::string, Entry> earlier_;
  std::map<std::string, Entry> given_;
  bool learned_ = false;
};

}  // namespace parlando
