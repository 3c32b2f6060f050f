#pragma once

#include <vector>

#include "common/data/corpus.h"
#include "common/data/split.h"
#include "preprocess/pipeline/preprocess_job.h"

namespace parlando::preprocess {

/// The clips of a job and the sides that they are on, before their audio is decoded.
struct CorpusInput {
  data::Corpus corpus;  ///< a clip whose audio is unknown has no audio_hash
  data::Split split;    ///< as drawn or given: nothing dropped for its audio
  bool drawn = true;    ///< by the configuration, not given as a file
};

/// What becomes of it when the audio of every clip is known.
struct SettledCorpus {
  data::Corpus corpus;  ///< without clips that can't be decoded
  data::Split split;    ///< with the dropped clips
};

/// Lists the corpus by names and headers or reads its manifest (what `known` tells of the audio of
/// unchanged clips is taken from there), draws or reads the split and audits it. Throws Error(data)
/// if files of a given corpus manifest changed since the scan, or if the split has a leak that its
/// scheme does not declare.
CorpusInput load_corpus_input(const PreprocessJob& job, const data::Corpus& known);

/// Moves clips without audio_hash to the defects; drops from the split what `defects` names and,
/// where the split was drawn, training clips whose audio stands on another side. Throws Error(data)
/// if the split has a leak, now that the audio is known.
SettledCorpus settle_corpus(CorpusInput input, const std::vector<data::Defect>& defects);

}  // namespace parlando::preprocess
