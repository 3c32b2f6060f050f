#pragma once

#include "common/data/corpus.h"

namespace parlando::test {

/// A corpus of RAVDESS' design without files, in manifest order: 60 speech and 44 song clips a
/// speaker (speakers 01 upwards), every audio of its own.
data::Corpus sample_corpus(int speakers);

/// The clip of that id. Throws std::out_of_range if there is none.
data::Clip& clip_of(data::Corpus& corpus, const std::string& id);

}  // namespace parlando::test
