#pragma once

#include <string>
#include <vector>

#include "common/data/corpus.h"
#include "common/data/dataset.h"
#include "common/data/split.h"
#include "common/io/hash_cache.h"
#include "preprocess/pipeline/preprocess_config.h"

namespace parlando::preprocess {

/// The sounds that variants are made with, in the order of their paths, each decoded once for its
/// hash unless `hashes` knows it. Throws Error(usage) for a folder that is missing or empty, and
/// for a sound that can't be decoded.
std::vector<data::Sound> read_sounds(const VariantsConfig& config, HashCache& hashes);

/// Hash of their paths and audio, "" if there are none.
std::string hash_of_sounds(const std::vector<data::Sound>& sounds);

/// Augmentation may not mix a validation or test clip into training clips: throws Error(data) that
/// names sounds with the audio of such a clip, in whatever container. The audio of the corpus has
/// to be known.
void require_no_held_out_sounds(const std::vector<data::Sound>& sounds, const data::Corpus& corpus,
                                const data::Split& split);

}  // namespace parlando::preprocess
