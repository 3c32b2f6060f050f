#pragma once

#include <cstdint>
#include <string>

namespace parlando::data {

/// One recording of a corpus: its labels, and what decoding it told. Texts that a corpus does not
/// give are empty.
struct Clip {
  std::string id;         ///< unique in the corpus; for RAVDESS the file name without its ending
  std::string path;       ///< relative to Corpus::root
  std::string label;      ///< class name, for instance "happy"
  std::string speaker;    ///< RAVDESS: actor, "01" .. "24"
  std::string sex;        ///< "female", "male" or ""
  std::string language;   ///< RFC 5646, for instance "en", "de"
  std::string channel;    ///< RAVDESS: "speech" or "song"
  std::string intensity;  ///< RAVDESS: "normal" or "strong"
  std::string
      statement;  ///< RAVDESS: "1" kids are talking by the door, "2" dogs are sitting by the door
  std::string repetition;  ///< RAVDESS: "1" or "2"

  std::int64_t sample_rate = 0;  ///< Hz, as stored
  std::int64_t channels = 0;
  std::int64_t samples = 0;  ///< per channel, as decoded
  double peak = 0;           ///< largest absolute sample, full scale = 1
  std::string audio_hash;    ///< of the decoded samples and their rate: equal for equal audio,
                             ///< whatever the container

  std::int64_t file_bytes = 0;
  std::int64_t modified_ns = 0;  ///< modification time, ns since 1970

  double seconds() const {
    return sample_rate > 0 ? static_cast<double>(samples) / static_cast<double>(sample_rate) : 0;
  }
};

}  // namespace parlando::data
