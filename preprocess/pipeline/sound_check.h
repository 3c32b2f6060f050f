#pragma once

#include "common/data/corpus.h"
#include "common/data/split.h"
#include "preprocess/pipeline/preprocess_config.h"

namespace parlando::preprocess {

/// Augmentation may not mix a validation or test clip into training clips: throws Error(data) that
/// names a sound of the configuration's folders that is a copy of such a clip's file. The audio of
/// the corpus has to be known.
void require_no_held_out_sounds(const VariantsConfig& variants, const data::Corpus& corpus,
                                const data::Split& split);

}  // namespace parlando::preprocess
