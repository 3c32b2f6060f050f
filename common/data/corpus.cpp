#include "common/data/corpus.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/checksum.h"

namespace parlando::data {
namespace {

int channel_rank(const std::string& channel) {
  if (channel == "speech") return 0;
  return channel == "song" ? 1 : 2;
}

/// Numbers by value ("07" < "7" < "100"), before and apart from other names.
bool speaker_before(const std::string& left, const std::string& right) {
  const auto key = [](const std::string& speaker) {
    const bool number =
        !speaker.empty() && speaker.find_first_not_of("0123456789") == std::string::npos;
    const std::size_t zeros = number ? std::min(speaker.find_first_not_of('0'), speaker.size()) : 0;
    const std::string digits = speaker.substr(zeros);
    return std::tuple(!number, number ? digits.size() : 0, digits, speaker);
  };
  return key(left) < key(right);
}

}  // namespace

bool clip_before(const Clip& left, const Clip& right) {
  const int left_rank = channel_rank(left.channel);
  const int right_rank = channel_rank(right.channel);
  if (left_rank != right_rank) return left_rank < right_rank;
  if (left.channel != right.channel) return left.channel < right.channel;
  if (left.speaker != right.speaker) return speaker_before(left.speaker, right.speaker);
  return left.id < right.id;
}

std::string utterance_of(const Clip& clip) {
  if (clip.speaker.empty() || clip.statement.empty() || clip.repetition.empty()) return "";
  return join_text({clip.speaker, clip.channel, clip.label, clip.intensity, clip.statement},
                   "\x1f");
}

std::string take_of(const Clip& clip) {
  const std::string utterance = utterance_of(clip);
  return utterance.empty() ? "" : utterance + "\x1f" + clip.repetition;
}

std::vector<std::string> speakers(const Corpus& corpus) {
  std::vector<std::string> names;
  for (const Clip& clip : corpus.clips) {
    if (!clip.speaker.empty()) names.push_back(clip.speaker);
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::ranges::sort(names, speaker_before);
  return names;
}

int Corpus::class_index(const std::string& label) const {
  const auto found = std::ranges::find(classes, label);
  if (found == classes.end()) {
    fail(ErrorKind::data, "label '{}' is not a class of the corpus ({})", label,
         join_text(classes, ", "));
  }
  return static_cast<int>(found - classes.begin());
}

std::string Corpus::hash() const {
  Hasher hasher;
  hasher.update_field("parlando-corpus-2");
  for (const std::string& label : classes) hasher.update_field(label);
  for (const Clip& clip : clips) {
    for (const std::string* field :
         {&clip.id, &clip.label, &clip.speaker, &clip.sex, &clip.language, &clip.channel,
          &clip.intensity, &clip.statement, &clip.repetition, &clip.audio_hash}) {
      hasher.update_field(*field);
    }
  }
  return hasher.hex();
}

std::vector<std::vector<std::size_t>> Corpus::duplicates() const {
  std::unordered_map<std::string, std::vector<std::size_t>> by_audio;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (!clips[i].audio_hash.empty()) by_audio[clips[i].audio_hash].push_back(i);
  }
  std::vector<std::vector<std::size_t>> groups;
  for (auto& [hash, members] : by_audio) {
    if (members.size() > 1) groups.push_back(std::move(members));
  }
  std::ranges::sort(groups);
  return groups;
}

}  // namespace parlando::data
