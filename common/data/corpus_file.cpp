#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include "common/core/error.h"
#include "common/data/corpus.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::data {
namespace {

constexpr const char* kFormat = "parlando-corpus";
constexpr int kOldestVersion = 1;
constexpr std::int64_t kHighestRate = 100'000'000;            // Hz
constexpr std::int64_t kMostChannels = 1024;                  // that libsndfile reads
constexpr std::int64_t kMostSamples = std::int64_t{1} << 40;  // more than a file of 1 TB holds

void append(std::string& text, const Json& line) {
  // A defect's path may hold bytes that are no UTF-8.
  text += line.dump(-1, ' ', false, Json::error_handler_t::replace);
  text += '\n';
}

/// The lines of a manifest one after the other, each with its place for messages.
class Lines {
 public:
  Lines(std::string text, std::string file) : text_(std::move(text)), file_(std::move(file)) {}

  bool next() {
    if (position_ >= text_.size()) return false;
    ++number_;
    const std::size_t end = text_.find('\n', position_);
    if (end == std::string::npos) {
      fail(ErrorKind::artefact, "{}: the line is cut short; scan the corpus again", place());
    }
    line_ = parse_json(std::string_view(text_).substr(position_, end - position_), place());
    if (!line_.is_object()) fail(ErrorKind::artefact, "{}: not a JSON object", place());
    position_ = end + 1;
    return true;
  }
  const Json& line() const { return line_; }
  std::string place() const { return fmt::format("{}:{}", file_, number_); }

 private:
  std::string text_;
  std::string file_;
  std::size_t position_ = 0;
  std::size_t number_ = 0;
  Json line_;
};

/// Returns the version.
int read_header(const Lines& lines, Corpus& corpus) {
  const Json& header = lines.line();
  const auto format = header.find("format");
  if (format == header.end() || *format != kFormat) {
    fail(ErrorKind::artefact,
         "{}: not a corpus manifest; make one with parlando scan DIR --out FILE", lines.place());
  }
  const int version = json_get<int>(header, "version", lines.place());
  if (version < kOldestVersion || version > kCorpusVersion) {
    fail(ErrorKind::artefact,
         "{}: corpus manifest of version {}, this program reads versions {} to {}; scan the corpus "
         "again",
         lines.place(), version, kOldestVersion, kCorpusVersion);
  }
  corpus.name = json_get<std::string>(header, "name", lines.place());
  corpus.synthetic = json_get<bool>(header, "synthetic", lines.place());
  corpus.root = json_get<std::string>(header, "root", lines.place());
  corpus.classes = json_get<std::vector<std::string>>(header, "classes", lines.place());
  if (version > kOldestVersion) {
    corpus.left_out =
        json_get<std::map<std::string, std::size_t>>(header, "left_out", lines.place());
  }
  return version;
}

/// A manifest may have been edited by hand: what no scan writes is refused.
void check_clip(const Clip& clip, const std::string& place) {
  const auto damaged = [&](const std::string& what) {
    fail(ErrorKind::artefact, "{}: {}; the file is damaged or edited; scan the corpus again", place,
         what);
  };
  const std::pair<const char*, const std::string*> texts[]{
      {"clip", &clip.id}, {"path", &clip.path}, {"label", &clip.label}, {"speaker", &clip.speaker}};
  for (const auto& [key, text] : texts) {
    if (text->empty()) damaged(fmt::format("key '{}' is empty", key));
  }
  struct Range {
    const char* key;
    std::int64_t value, least, most;
  };
  const Range ranges[]{{"sample_rate", clip.sample_rate, 1, kHighestRate},
                       {"channels", clip.channels, 1, kMostChannels},
                       {"samples", clip.samples, 1, kMostSamples},
                       {"bytes", clip.file_bytes, 0, std::numeric_limits<std::int64_t>::max()}};
  for (const Range& range : ranges) {
    if (range.value >= range.least && range.value <= range.most) continue;
    damaged(fmt::format("key '{}' is {}, not from {} to {}", range.key, range.value, range.least,
                        range.most));
  }
  if (!(clip.peak >= 0)) damaged(fmt::format("key 'peak' is {}, not 0 or more", clip.peak));
}

}  // namespace

Json clip_to_json(const Clip& clip) {
  return {{"clip", clip.id},
          {"path", clip.path},
          {"label", clip.label},
          {"speaker", clip.speaker},
          {"sex", clip.sex},
          {"language", clip.language},
          {"channel", clip.channel},
          {"intensity", clip.intensity},
          {"statement", clip.statement},
          {"repetition", clip.repetition},
          {"sample_rate", clip.sample_rate},
          {"channels", clip.channels},
          {"samples", clip.samples},
          {"peak", clip.peak},
          {"audio_hash", clip.audio_hash},
          {"bytes", clip.file_bytes},
          {"modified_ns", clip.modified_ns}};
}

Clip clip_from_json(const Json& line, int version, const std::string& source) {
  Clip clip;
  const auto text = [&](const char* key) { return json_get<std::string>(line, key, source); };
  const auto number = [&](const char* key) { return json_get<std::int64_t>(line, key, source); };
  clip.id = text("clip");
  clip.path = text("path");
  clip.label = text("label");
  clip.speaker = text("speaker");
  clip.sex = text("sex");
  if (version > kOldestVersion) clip.language = text("language");
  clip.channel = text("channel");
  clip.intensity = text("intensity");
  clip.statement = text("statement");
  clip.repetition = text("repetition");
  clip.sample_rate = number("sample_rate");
  clip.channels = number("channels");
  clip.samples = number("samples");
  clip.peak = json_get<double>(line, "peak", source);
  clip.audio_hash = text("audio_hash");
  clip.file_bytes = number("bytes");
  clip.modified_ns = number("modified_ns");
  return clip;
}

void write_corpus(const std::filesystem::path& path, const Corpus& corpus) {
  std::string text;
  text.reserve(512 * (corpus.clips.size() + 1));
  append(text, {{"format", kFormat},
                {"version", kCorpusVersion},
                {"name", corpus.name},
                {"synthetic", corpus.synthetic},
                {"root", corpus.root.string()},
                {"classes", corpus.classes},
                {"left_out", corpus.left_out},
                {"clips", corpus.clips.size()},
                {"defects", corpus.defects.size()}});
  std::vector<std::string> lines(corpus.clips.size());
  tbb::parallel_for(std::size_t{0}, lines.size(),
                    [&](std::size_t i) { append(lines[i], clip_to_json(corpus.clips[i])); });
  for (const std::string& line : lines) text += line;
  for (const Defect& defect : corpus.defects) {
    append(text, {{"defect", defect.path}, {"reason", defect.reason}});
  }
  write_file_atomically(path, text);
}

Corpus read_corpus(const std::filesystem::path& path) {
  Lines lines(read_file(path), path.string());
  Corpus corpus;
  if (!lines.next()) {
    fail(ErrorKind::artefact, "{}: the corpus manifest is empty; scan the corpus again",
         path.string());
  }
  const int version = read_header(lines, corpus);
  const auto n_clips = json_get<std::size_t>(lines.line(), "clips", lines.place());
  const auto n_defects = json_get<std::size_t>(lines.line(), "defects", lines.place());
  if (corpus.root.is_relative()) {
    corpus.root = (std::filesystem::absolute(path).parent_path() / corpus.root).lexically_normal();
  }
  const std::unordered_set<std::string> classes(corpus.classes.begin(), corpus.classes.end());
  std::unordered_set<std::string> ids;
  while (lines.next()) {
    const std::string place = lines.place();
    if (lines.line().contains("defect")) {
      corpus.defects.push_back({json_get<std::string>(lines.line(), "defect", place),
                                json_get<std::string>(lines.line(), "reason", place)});
      continue;
    }
    Clip clip = clip_from_json(lines.line(), version, place);
    check_clip(clip, place);
    if (!ids.insert(clip.id).second) {
      fail(ErrorKind::artefact, "{}: clip '{}' stands twice in the manifest", place, clip.id);
    }
    if (!classes.contains(clip.label)) {
      fail(ErrorKind::artefact, "{}: clip '{}' has the label '{}', which is no class of the header",
           place, clip.id, clip.label);
    }
    corpus.clips.push_back(std::move(clip));
  }
  if (corpus.clips.size() != n_clips || corpus.defects.size() != n_defects) {
    fail(ErrorKind::artefact,
         "{}: {} clips and {} defects, but line 1 announces {} and {}: the file is cut short or "
         "edited; "
         "scan the corpus again",
         path.string(), corpus.clips.size(), corpus.defects.size(), n_clips, n_defects);
  }
  return corpus;
}

}  // namespace parlando::data
