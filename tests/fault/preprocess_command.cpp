#include "tests/fault/preprocess_command.h"

#include <algorithm>
#include <stdexcept>

#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando::test {

std::filesystem::path make_corpus(const std::filesystem::path& folder, int clips) {
  const ProcessResult result = run_process({program("parlando-synth"), folder.string(), "--clips",
                                            std::to_string(clips), "--seed", "1"});
  if (result.exit_code != 0) throw std::runtime_error("parlando-synth: " + result.err);
  return folder;
}

std::vector<std::string> preprocess_command(const std::filesystem::path& corpus,
                                            const std::filesystem::path& dataset) {
  return {program("parlando-preprocess"),
          "--config",
          source_path("configs/preprocess/mel128.yaml").string(),
          "--corpus",
          corpus.string(),
          "--out",
          dataset.string(),
          "--threads",
          "1",
          "shard_bytes=600000"};
}

int durable_shards(const std::filesystem::path& dataset) {
  const std::string journal = read_text(dataset / "partial.jsonl");
  const auto lines = std::count(journal.begin(), journal.end(), '\n');
  return std::max(0, static_cast<int>(lines) - 1);  // the first is the header
}

std::map<std::string, std::string> dataset_files(const std::filesystem::path& dataset) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(dataset)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("shard-") || name == "manifest.json")
      files[name] = read_text(entry.path());
  }
  return files;
}

}  // namespace parlando::test
