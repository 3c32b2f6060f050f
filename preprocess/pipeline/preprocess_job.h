#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/data/corpus.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "preprocess/pipeline/worker.h"

namespace parlando::preprocess {

/// What `parlando preprocess` is asked to do.
struct PreprocessJob {
  PreprocessConfig config;
  std::filesystem::path corpus;      ///< a folder of clips, or a corpus manifest
  std::filesystem::path out;         ///< the dataset folder
  std::filesystem::path split_file;  ///< empty: the split is made by config.split
  int threads = 1;
  std::int64_t allowed_defects = 0;
  Worker worker;             ///< which of several processes this is
  std::string scheduled_as;  ///< LockOptions::job and ::restart
  std::int64_t restart = 0;
};

struct PreprocessSummary {
  std::string dataset_id;
  bool up_to_date = false;         ///< nothing had to be done
  std::size_t missing_shards = 0;  ///< that other workers still have to make
  std::size_t clips = 0;           ///< in the dataset
  std::size_t rows = 0;            ///< clips and their variants
  std::size_t shards = 0;
  std::size_t shards_kept = 0;  ///< of an earlier, interrupted or different run
  std::int64_t bytes = 0;
  std::size_t train = 0, validation = 0, test = 0;
  double plan_seconds = 0;      ///< listing the corpus by names and headers
  double seconds = 0;           ///< all of it
  double clips_per_second = 0;  ///< of decoding and extraction, over the clips of this run
  double real_time_factor = 0;  ///< seconds of recordings a second, likewise
  std::vector<data::Defect> defects;
};

/// Makes a dataset from a corpus, or continues one, or finds that it is finished. One of several
/// workers makes its part; the one that finds all parts done completes the dataset. Throws
/// Error(data) if more clips are defective than allowed (after all others are processed),
/// Error(artefact) if the folder can't be written or belongs to something else, Error(stopped)
/// after TERM, with finished shards durable.
PreprocessSummary run_preprocess(const PreprocessJob& job);

}  // namespace parlando::preprocess
