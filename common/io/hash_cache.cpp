#include "common/io/hash_cache.h"

#include <utility>

#include <sys/stat.h>

#include "common/core/error.h"
#include "common/io/json.h"

namespace parlando {
namespace {

constexpr const char* kFormat = "parlando-hashes";
constexpr std::int64_t kNanoseconds = 1'000'000'000;

}  // namespace

HashCache::HashCache(std::filesystem::path file) : file_(std::move(file)) {
  std::error_code error;
  if (std::filesystem::exists(file_, error)) load();
}

void HashCache::load() {
  try {
    const Json json = read_json(file_);
    const std::string source = file_.string();
    if (json_get<std::string>(json, "format", source) != kFormat) return;
    std::map<std::string, Entry> entries;
    const Json files = json_get<Json>(json, "files", source);
    for (const auto& [key, value] : files.items()) {
      entries[key] = {json_get<std::int64_t>(value, "bytes", source),
                      json_get<std::int64_t>(value, "modified_ns", source),
                      json_get<std::string>(value, "hash", source)};
    }
    earlier_ = std::move(entries);
  } catch (const Error&) {
    return;
  }
}

std::string HashCache::get(const std::string& kind, const std::filesystem::path& path,
                           const FileHash& compute) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return compute(path);
  Entry entry{info.st_size, info.st_mtim.tv_sec * kNanoseconds + info.st_mtim.tv_nsec, ""};
  const std::string key = kind + " " + std::filesystem::absolute(path).string();
  {
    const std::lock_guard lock(mutex_);
    const auto found = earlier_.find(key);
    if (found != earlier_.end() && found->second.bytes == entry.bytes &&
        found->second.modified_ns == entry.modified_ns) {
      given_[key] = found->second;
      return found->second.hash;
    }
  }
  entry.hash = compute(path);
  const std::lock_guard lock(mutex_);
  learned_ = true;
  return (given_[key] = std::move(entry)).hash;
}

void HashCache::save() {
  const std::lock_guard lock(mutex_);
  if (!learned_ && given_.size() == earlier_.size()) return;
  Json files = Json::object();
  // push_back appends; operator[] of ordered JSON looks through all members.
  for (const auto& [key, entry] : given_) {
    files.get_ref<Json::object_t&>().push_back(
        {key, {{"bytes", entry.bytes}, {"modified_ns", entry.modified_ns}, {"hash", entry.hash}}});
  }
  try {
    write_json(file_, {{"format", kFormat}, {"files", std::move(files)}});
  } catch (const Error&) {
    return;
  }
  earlier_ = given_;
  learned_ = false;
}

}  // namespace parlando
