#include "common/data/ravdess.h"

#include <algorithm>
#include <array>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::data {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Value of a two-digit field, which lies between 1 and `last`.
std::size_t field_value(const std::string& text, const char* field, std::size_t last) {
  if (text.size() != 2 || !all_digits(text)) {
    fail(ErrorKind::data, "{} '{}' is not two digits", field, text);
  }
  const auto value = static_cast<std::size_t>((text[0] - '0') * 10 + (text[1] - '0'));
  if (value < 1 || value > last) {
    fail(ErrorKind::data, "{} '{}' is not one of 01 to {:02}", field, text, last);
  }
  return value;
}

}  // namespace

const std::vector<std::string>& ravdess_classes() {
  static const std::vector<std::string> classes{"neutral", "calm",    "happy",   "sad",
                                                "angry",   "fearful", "disgust", "surprised"};
  return classes;
}

Clip parse_ravdess_name(std::string_view stem) {
  const std::vector<std::string> fields = split_text(stem, '-');
  if (fields.size() != 7 || !std::ranges::all_of(fields, all_digits)) {
    fail(ErrorKind::data, "the name is not {}", kRavdessNamePattern);
  }
  const std::size_t modality = field_value(fields[0], "modality", 3);
  if (modality != 3) {
    fail(ErrorKind::data, "modality {} is the sound of a video; only 03 (audio only) is read",
         fields[0]);
  }
  static constexpr std::array<const char*, 2> kChannels{"speech", "song"};
  static constexpr std::array<const char*, 2> kIntensities{"normal", "strong"};
  Clip clip;
  clip.id = std::string(stem);
  clip.language = "en";
  clip.channel = kChannels[field_value(fields[1], "channel", 2) - 1];
  clip.label = ravdess_classes()[field_value(fields[2], "emotion", 8) - 1];
  clip.intensity = kIntensities[field_value(fields[3], "intensity", 2) - 1];
  clip.statement = std::to_string(field_value(fields[4], "statement", 2));
  clip.repetition = std::to_string(field_value(fields[5], "repetition", 2));
  const std::string& actor = fields[6];
  if (actor.size() < 2 || actor.size() > 6 || actor.find_first_not_of('0') == std::string::npos) {
    fail(ErrorKind::data, "actor '{}' is not a number of two to six digits, from 01", actor);
  }
  clip.speaker = actor;
  clip.sex = (actor.back() - '0') % 2 == 1 ? "male" : "female";
  return clip;
}

}  // namespace parlando::data
