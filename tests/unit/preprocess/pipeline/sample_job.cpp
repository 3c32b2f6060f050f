#include "tests/unit/preprocess/pipeline/sample_job.h"

#include <set>

#include "common/config/config.h"
#include "preprocess/synth/corpus_writer.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {
namespace {

constexpr std::size_t kClips = 96;

}  // namespace

const std::filesystem::path& sample_corpus() {
  static const ScratchFolder folder;
  static const std::filesystem::path corpus = [] {
    preprocess::SynthOptions options;
    options.folder = folder / "corpus";
    options.clips = kClips;
    options.silent = true;
    preprocess::write_synthetic_corpus(options);
    return options.folder;
  }();
  return corpus;
}

void copy_sample_corpus(const std::filesystem::path& to) {
  std::filesystem::copy(sample_corpus(), to, std::filesystem::copy_options::recursive);
}

std::filesystem::path first_clip(const std::filesystem::path& corpus) {
  std::set<std::filesystem::path> clips;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".wav" || ending == ".flac") clips.insert(entry.path());
  }
  return *clips.begin();
}

preprocess::PreprocessConfig sample_config(const std::vector<std::string>& overrides) {
  // Few clips: coarser strata and a larger validation side than the recipe's.
  std::vector<std::string> all{"shard_bytes=600000", "split.by=emotion",
                               "split.validation_fraction=0.2"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  const std::string file = source_path("configs/preprocess/mel128.yaml").string();
  return load_config<preprocess::PreprocessConfig>({file}, all);
}

preprocess::PreprocessJob sample_job(const std::filesystem::path& out) {
  preprocess::PreprocessJob job;
  job.config = sample_config();
  job.corpus = sample_corpus();
  job.out = out;
  job.threads = 2;
  return job;
}

std::map<std::string, std::string> shard_bytes(const std::filesystem::path& dataset) {
  std::map<std::string, std::string> bytes;
  for (const auto& entry : std::filesystem::directory_iterator(dataset)) {
    if (entry.path().extension() == ".h5") bytes[entry.path().filename()] = read_text(entry.path());
  }
  return bytes;
}

void flip_bit(const std::filesystem::path& path) {
  std::string bytes = read_text(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  write_text(path, bytes);
}

}  // namespace parlando::test
