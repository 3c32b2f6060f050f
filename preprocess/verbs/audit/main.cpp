#include <string>

#include <fmt/format.h>

#include "common/config/command_line.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/data/audit.h"
#include "common/data/dataset.h"
#include "common/data/scan.h"
#include "preprocess/verbs/audit/audit_table.h"

namespace {

using namespace parlando;

int run(int argc, const char* const* argv) {
  std::string source;
  std::string split_file;
  std::string dataset_folder;
  bool json = false;
  CommandLine line(
      "audit",
      "Counts what the sides of a split share and refuses what its scheme does not tolerate "
      "(exit code 3).",
      "parlando audit --corpus ravdess --split split.json");
  CLI::App& app = line.app();
  CLI::Option* corpus_option =
      app.add_option("--corpus", source, "folder of clips, or the manifest that scan wrote");
  CLI::Option* split_option = app.add_option("--split", split_file, "split to look at");
  CLI::Option* data_option =
      app.add_option("--data", dataset_folder, "dataset to look at: its own corpus and split");
  corpus_option->needs(split_option);
  split_option->needs(corpus_option);
  data_option->excludes(corpus_option)->excludes(split_option);
  app.add_flag("--json", json, "print one JSON document");
  if (const auto code = line.parse(argc, argv)) return *code;
  if (split_file.empty() == dataset_folder.empty()) {
    fail(ErrorKind::usage, "give --corpus and --split, or --data (see parlando audit --help)");
  }

  data::Corpus corpus;
  data::Split split;
  if (dataset_folder.empty()) {
    split = data::split_from_json(read_json(split_file), split_file);
    corpus = data::load_or_scan(source);
  } else {
    const data::Dataset dataset(dataset_folder);
    split = dataset.manifest().split;
    corpus = dataset.corpus();
  }
  if (split.corpus_hash != corpus.hash()) {
    log_warning(
        "the corpus is not the one that the split was made from: clips, labels or audio changed");
  }
  const data::Audit audit = data::audit_split(corpus, split);
  if (json) {
    fmt::print("{}\n", data::audit_to_json(audit).dump(2));
  } else {
    fmt::print("{}", preprocess::audit_table(audit, split.config.scheme));
  }
  if (!audit.clean()) {
    fail(ErrorKind::data, "the split leaks: relations that scheme {} does not tolerate",
         split.config.scheme);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("parlando-audit", [&] { return run(argc, argv); });
}
