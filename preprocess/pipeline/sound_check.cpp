#include "preprocess/pipeline/sound_check.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "common/audio/augment/sound_folder.h"
#include "common/audio/decode.h"
#include "common/core/error.h"
#include "preprocess/pipeline/variants.h"

namespace parlando::preprocess {

void require_no_held_out_sounds(const VariantsConfig& variants, const data::Corpus& corpus,
                                const data::Split& split) {
  std::unordered_set<std::string> held_out(split.validation.begin(), split.validation.end());
  held_out.insert(split.test.begin(), split.test.end());
  // Only files of a clip's size are decoded: the folders may be large.
  std::unordered_multimap<std::int64_t, const data::Clip*> by_bytes;
  for (const data::Clip& clip : corpus.clips) {
    if (held_out.contains(clip.id)) by_bytes.emplace(clip.file_bytes, &clip);
  }
  for (const std::string& folder : sound_folders(variants)) {
    for (const std::string& file : audio::list_sounds(folder)) {
      const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(file));
      const auto [first, last] = by_bytes.equal_range(bytes);
      if (first == last) continue;
      const std::string hash = audio::audio_hash(audio::decode_audio(file));
      for (auto candidate = first; candidate != last; ++candidate) {
        if (candidate->second->audio_hash != hash) continue;
        fail(ErrorKind::data,
             "{}: a sound for augmentation has the audio of clip {}, which is not on the training "
             "side; take it out of the folder",
             file, candidate->second->id);
      }
    }
  }
}

}  // namespace parlando::preprocess
