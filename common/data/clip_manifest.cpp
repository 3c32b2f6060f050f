#include "common/data/clip_manifest.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <unordered_map>
#include <utility>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/text.h"
#include "common/data/clip_files.h"
#include "common/data/manifest_rows.h"

namespace parlando::data {
namespace {

constexpr std::array<const char*, 3> kNeeded{"path", "label", "speaker"};

struct OptionalColumn {
  const char* name;
  std::string Clip::*member;
};
constexpr std::array kOptional{OptionalColumn{"id", &Clip::id},
                               OptionalColumn{"sex", &Clip::sex},
                               OptionalColumn{"language", &Clip::language},
                               OptionalColumn{"channel", &Clip::channel},
                               OptionalColumn{"intensity", &Clip::intensity},
                               OptionalColumn{"statement", &Clip::statement},
                               OptionalColumn{"repetition", &Clip::repetition}};

std::string text_of(const ManifestRow& row, const char* column) {
  const auto found = row.values.find(column);
  return found == row.values.end() ? "" : found->second;
}

std::string needed(const ManifestRow& row, const char* column) {
  const auto found = row.values.find(column);
  if (found == row.values.end()) fail(ErrorKind::data, "'{}' is missing", column);
  if (found->second.empty()) fail(ErrorKind::data, "'{}' is empty", column);
  return found->second;
}

void check_text(const std::string& text, const char* column) {
  if (!is_utf8(text)) fail(ErrorKind::data, "'{}' is not UTF-8", column);
  if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
    fail(ErrorKind::data, "'{}' holds a control character", column);
  }
}

std::string normal_sex(const std::string& given) {
  const std::string lower = lower_text(given);
  if (lower == "f" || lower == "female") return "female";
  return lower == "m" || lower == "male" ? "male" : given;
}

std::string inner_path(const std::string& given) {
  const std::filesystem::path path = std::filesystem::path(given).lexically_normal();
  if (path.is_relative() && *path.begin() == "..") {
    fail(ErrorKind::data,
         "the path leaves the manifest's folder; move the manifest up, or give an absolute path");
  }
  return path.string();
}

Clip clip_of(const ManifestRow& row, const std::filesystem::path& root) {
  if (!row.error.empty()) fail(ErrorKind::data, "{}", row.error);
  Clip clip;
  for (const char* column : kNeeded) check_text(needed(row, column), column);
  for (const OptionalColumn& column : kOptional) {
    clip.*column.member = text_of(row, column.name);
    check_text(clip.*column.member, column.name);
  }
  clip.path = inner_path(text_of(row, "path"));
  clip.label = text_of(row, "label");
  clip.speaker = text_of(row, "speaker");
  clip.sex = normal_sex(clip.sex);
  if (clip.id.empty()) clip.id = std::filesystem::path(clip.path).replace_extension().string();
  const ClipFile file = inspect_clip_file(root, clip.path);
  clip.file_bytes = file.bytes;
  clip.modified_ns = file.modified_ns;
  return clip;
}

/// Lines that ids and paths stand in already.
class Seen {
 public:
  void add(const char* what, const std::string& value, std::size_t line) {
    const auto [entry, first] = lines_.emplace(what + (":" + value), line);
    if (!first) {
      fail(ErrorKind::data, "{} '{}' stands in line {} already", what, value, entry->second);
    }
  }

 private:
  std::unordered_map<std::string, std::size_t> lines_;
};

void name_ignored(const ManifestRows& rows, const std::string& file) {
  std::vector<std::string> ignored;
  for (const std::string& column : rows.columns) {
    const bool known =
        std::ranges::find(kNeeded, column) != kNeeded.end() ||
        std::ranges::find(kOptional, column, &OptionalColumn::name) != kOptional.end();
    if (!known) ignored.push_back(column);
  }
  if (!ignored.empty()) log_info("{}: not read: {}", file, join_text(ignored, ", "));
}

}  // namespace

bool is_clip_manifest(const std::filesystem::path& path) {
  const std::string ending = lower_text(path.extension().string());
  if (ending == ".csv") return true;
  if (ending != ".jsonl" && ending != ".ndjson") return false;
  constexpr std::size_t kHead = 64;
  std::string head(kHead, '\0');
  std::ifstream stream(path, std::ios::binary);
  stream.read(head.data(), static_cast<std::streamsize>(kHead));
  return head.find("\"parlando-corpus\"") == std::string::npos;
}

Corpus read_clip_manifest(const std::filesystem::path& path) {
  const std::string file = path.string();
  const ManifestRows rows = read_manifest_rows(path);
  for (const char* column : kNeeded) {
    if (!rows.named_columns || std::ranges::find(rows.columns, column) != rows.columns.end()) {
      continue;
    }
    const std::string near = nearest(column, rows.columns);
    fail(ErrorKind::data, "{}: column '{}' is missing; line 1 names {}{}", file, column,
         join_text(rows.columns, ", "), near.empty() ? "" : "; did you mean '" + near + "'?");
  }
  if (rows.rows.empty()) fail(ErrorKind::data, "{}: the manifest lists no clip", file);
  name_ignored(rows, file);

  Corpus corpus;
  corpus.name = path.stem().string();
  corpus.root = std::filesystem::canonical(std::filesystem::absolute(path).parent_path());
  Seen seen;
  std::set<std::string> labels;
  for (const ManifestRow& row : rows.rows) {
    try {
      Clip clip = clip_of(row, corpus.root);
      seen.add("path", clip.path, row.line);
      seen.add("id", clip.id, row.line);
      labels.insert(clip.label);
      corpus.clips.push_back(std::move(clip));
    } catch (const Error& error) {
      const std::string name = text_of(row, "path");
      corpus.defects.push_back(
          {name.empty() ? path.filename().string() : name,
           fmt::format("{} line {}: {}", path.filename().string(), row.line, error.what())});
    }
  }
  corpus.classes.assign(labels.begin(), labels.end());
  return corpus;
}

}  // namespace parlando::data
