#pragma once

#include "common/data/corpus.h"
#include "common/data/split.h"
#include "preprocess/pipeline/preprocess_job.h"

namespace parlando::preprocess {

/// The clips of a job and the sides that they are on.
struct CorpusInput {
  data::Corpus corpus;
  data::Split split;
  bool cache_differs = true;  ///< the corpus manifest in the output folder is absent or not equal
};

/// Scans or reads the corpus (what an earlier run scanned is taken from the output folder), makes
/// or reads the split and audits it. Throws Error(data) if files of a given corpus manifest changed
/// since the scan, or if the split has a leak that its scheme does not declare.
CorpusInput load_corpus_input(const PreprocessJob& job);

}  // namespace parlando::preprocess
