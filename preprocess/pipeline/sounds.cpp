#include "preprocess/pipeline/sounds.h"

#include <cstddef>
#include <new>
#include <set>

#include <tbb/parallel_for.h>

#include "common/audio/augment/sound_folder.h"
#include "common/audio/decode.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/data/audit_rows.h"
#include "common/io/checksum.h"
#include "preprocess/pipeline/variants.h"

namespace parlando::preprocess {
namespace {

std::string hash_of_audio(const std::filesystem::path& file) {
  try {
    return audio::audio_hash(audio::decode_audio(file));
  } catch (const Error& error) {
    fail(ErrorKind::usage, "sound for augmentation: {}; mend or remove it", error.what());
  } catch (const std::bad_alloc&) {
    fail(ErrorKind::usage,
         "sound for augmentation: {}: needs more memory than there is; cut it into shorter files",
         file.string());
  }
}

}  // namespace

std::vector<data::Sound> read_sounds(const VariantsConfig& config, HashCache& hashes) {
  std::set<std::string> files;
  for (const std::string& folder : sound_folders(config)) {
    for (std::string& file : audio::list_sounds(folder)) files.insert(std::move(file));
  }
  std::vector<data::Sound> sounds;
  for (const std::string& file : files) sounds.push_back({file, ""});
  tbb::parallel_for(std::size_t{0}, sounds.size(), [&](std::size_t i) {
    sounds[i].audio_hash = hashes.get("audio", sounds[i].path, hash_of_audio);
  });
  return sounds;
}

std::string hash_of_sounds(const std::vector<data::Sound>& sounds) {
  if (sounds.empty()) return "";
  Hasher hasher;
  for (const data::Sound& sound : sounds) {
    hasher.update_field(sound.path);
    hasher.update_field(sound.audio_hash);
  }
  return hasher.hex();
}

void require_no_held_out_sounds(const std::vector<data::Sound>& sounds, const data::Corpus& corpus,
                                const data::Split& split) {
  data::Audit audit;
  data::audit_sounds(sounds, corpus, split, audit);
  if (audit.clean()) return;
  fail(ErrorKind::data,
       "sounds for augmentation have the audio of clips that are not on the training side; take "
       "them out of their folders: {}",
       join_text(audit.relations.front().pairs, ", "));
}

}  // namespace parlando::preprocess
