#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "preprocess/pipeline/preprocess_job.h"

namespace parlando::test {

/// Made-up clips, written once a test program: enough for strata of emotion and channel.
const std::filesystem::path& sample_corpus();

/// A copy of it for tests that change clips.
void copy_sample_corpus(const std::filesystem::path& to);

/// The first wav or FLAC file below a folder, in the order of names.
std::filesystem::path first_clip(const std::filesystem::path& corpus);

/// configs/preprocess/mel128.yaml with shards of a few clips.
preprocess::PreprocessConfig sample_config(const std::vector<std::string>& overrides = {});

/// That recipe over the sample corpus.
preprocess::PreprocessJob sample_job(const std::filesystem::path& out);

/// File name -> content of every shard.
std::map<std::string, std::string> shard_bytes(const std::filesystem::path& dataset);

/// Inverts one bit in the middle of a file.
void flip_bit(const std::filesystem::path& path);

/// Message of the Error that `work` throws, with its exit code before it: "4 shard-00000.h5: ...".
/// "" if it throws none.
template <class Work>
std::string error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return std::to_string(error.exit_code()) + " " + error.what();
  }
  return "";
}

}  // namespace parlando::test
