#include "common/data/speech_corpora.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::data {
namespace {

/// A code of file names and what it stands for.
using Code = std::pair<std::string_view, const char*>;

const char* meaning(std::span<const Code> codes, std::string_view code, const char* field) {
  const auto found = std::ranges::find(codes, code, &Code::first);
  if (found != codes.end()) return found->second;
  std::vector<std::string> known;
  for (const Code& entry : codes) known.emplace_back(entry.first);
  fail(ErrorKind::data, "{} '{}' is not one of {}", field, code, join_text(known, " "));
}

bool all_in(std::string_view text, char first, char last) {
  return !text.empty() &&
         std::ranges::all_of(text, [&](char c) { return c >= first && c <= last; });
}

bool digits(std::string_view text) {
  return all_in(text, '0', '9');
}

[[noreturn]] void fail_pattern(const char* pattern) {
  fail(ErrorKind::data, "the name is not {}", pattern);
}

Clip make_clip(std::string id, std::string speaker, const char* language) {
  Clip clip;
  clip.id = std::move(id);
  clip.speaker = std::move(speaker);
  clip.language = language;
  clip.channel = "speech";
  return clip;
}

}  // namespace

Clip parse_emodb(const std::filesystem::path& path) {
  static constexpr std::array<Code, 7> kEmotions{{{"W", "angry"},
                                                  {"L", "bored"},
                                                  {"E", "disgust"},
                                                  {"A", "fearful"},
                                                  {"F", "happy"},
                                                  {"T", "sad"},
                                                  {"N", "neutral"}}};
  static constexpr std::array<Code, 10> kSpeakers{{{"03", "male"},
                                                   {"08", "female"},
                                                   {"09", "female"},
                                                   {"10", "male"},
                                                   {"11", "male"},
                                                   {"12", "male"},
                                                   {"13", "female"},
                                                   {"14", "female"},
                                                   {"15", "male"},
                                                   {"16", "female"}}};
  const std::string stem = path.stem().string();
  const std::string_view name = stem;
  if (name.size() != 7 || !digits(name.substr(0, 2)) || !all_in(name.substr(2, 1), 'a', 'z') ||
      !digits(name.substr(3, 2)) || !all_in(name.substr(5, 1), 'A', 'Z') ||
      !all_in(name.substr(6, 1), 'a', 'z')) {
    fail_pattern(kEmodbPattern);
  }
  Clip clip = make_clip(stem, stem.substr(0, 2), "de");
  clip.sex = meaning(kSpeakers, name.substr(0, 2), "speaker");
  clip.statement = stem.substr(2, 3);
  clip.label = meaning(kEmotions, name.substr(5, 1), "emotion");
  clip.repetition = stem.substr(6, 1);
  return clip;
}

Clip parse_cremad(const std::filesystem::path& path) {
  static constexpr std::array<Code, 6> kEmotions{{{"ANG", "angry"},
                                                  {"DIS", "disgust"},
                                                  {"FEA", "fearful"},
                                                  {"HAP", "happy"},
                                                  {"NEU", "neutral"},
                                                  {"SAD", "sad"}}};
  // The corpus has one file that ends with a single X.
  static constexpr std::array<Code, 5> kIntensities{
      {{"LO", "low"}, {"MD", "medium"}, {"HI", "high"}, {"XX", ""}, {"X", ""}}};
  const std::string stem = path.stem().string();
  const std::vector<std::string> fields = split_text(stem, '_');
  if (fields.size() != 4 || fields[0].size() != 4 || !digits(fields[0]) || fields[1].size() != 3 ||
      !all_in(fields[1], 'A', 'Z')) {
    fail_pattern(kCremadPattern);
  }
  Clip clip = make_clip(stem, fields[0], "en");
  clip.statement = fields[1];
  clip.label = meaning(kEmotions, fields[2], "emotion");
  clip.intensity = meaning(kIntensities, fields[3], "intensity");
  return clip;
}

Clip parse_tess(const std::filesystem::path& path) {
  static constexpr std::array<Code, 7> kEmotions{{{"angry", "angry"},
                                                  {"disgust", "disgust"},
                                                  {"fear", "fearful"},
                                                  {"happy", "happy"},
                                                  {"neutral", "neutral"},
                                                  {"ps", "surprised"},
                                                  {"sad", "sad"}}};
  // The corpus has a file that spells OAF as OA.
  static constexpr std::array<Code, 3> kActresses{{{"OAF", "OAF"}, {"OA", "OAF"}, {"YAF", "YAF"}}};
  const std::string stem = path.stem().string();
  const std::vector<std::string> fields = split_text(stem, '_');
  if (fields.size() != 3 || fields[1].empty()) fail_pattern(kTessPattern);
  Clip clip = make_clip(stem, meaning(kActresses, fields[0], "actress"), "en");
  clip.sex = "female";
  clip.statement = lower_text(fields[1]);
  clip.label = meaning(kEmotions, lower_text(fields[2]), "emotion");
  return clip;
}

Clip parse_savee(const std::filesystem::path& path) {
  static constexpr std::array<Code, 7> kEmotions{{{"a", "angry"},
                                                  {"d", "disgust"},
                                                  {"f", "fearful"},
                                                  {"h", "happy"},
                                                  {"n", "neutral"},
                                                  {"sa", "sad"},
                                                  {"su", "surprised"}}};
  static constexpr std::array<Code, 4> kSpeakers{
      {{"DC", "male"}, {"JE", "male"}, {"JK", "male"}, {"KL", "male"}}};
  std::vector<std::string> fields = split_text(path.stem().string(), '_');
  if (fields.size() == 1) fields.insert(fields.begin(), path.parent_path().filename().string());
  const std::string_view sentence = fields.back();
  const std::size_t letters = std::min(sentence.find_first_of("0123456789"), sentence.size());
  if (fields.size() != 2 || letters == 0 || sentence.size() != letters + 2 ||
      !digits(sentence.substr(letters))) {
    fail_pattern(kSaveePattern);
  }
  Clip clip = make_clip(fields[0] + "_" + fields[1], fields[0], "en");
  clip.sex = meaning(kSpeakers, fields[0], "speaker");
  clip.statement = fields[1];
  clip.label = meaning(kEmotions, sentence.substr(0, letters), "emotion");
  return clip;
}

}  // namespace parlando::data
