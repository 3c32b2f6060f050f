#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/config/command_line.h"
#include "common/core/error.h"
#include "common/core/log.h"
#include "common/core/program.h"
#include "common/data/audit.h"
#include "common/data/audit_rows.h"
#include "common/data/dataset.h"
#include "common/data/layout.h"
#include "common/data/scan.h"
#include "common/data/split_import.h"
#include "preprocess/verbs/audit/audit_table.h"

namespace {

using namespace parlando;

struct Examined {
  data::Split split;
  data::Audit audit;
};

void warn_if_changed(const data::Split& split, const data::Corpus& corpus) {
  if (split.corpus_hash == corpus.hash()) return;
  log_warning(
      "the corpus is not the one that the split was made from: clips, labels or audio changed");
}

Examined examine_split(const std::string& source, const std::string& split_file,
                       const std::vector<std::string>& tolerates,
                       const data::ScanOptions& options) {
  Examined examined;
  const data::Corpus corpus = data::load_or_scan(source, options);
  examined.split = data::read_split(split_file, corpus, tolerates);
  warn_if_changed(examined.split, corpus);
  examined.audit = data::audit_split(corpus, examined.split);
  return examined;
}

Examined examine_dataset(const std::string& folder) {
  const data::Dataset dataset(folder);
  Examined examined;
  examined.split = dataset.manifest().split;
  const data::Corpus corpus = dataset.corpus();
  warn_if_changed(examined.split, corpus);
  examined.audit = data::audit_split(corpus, examined.split);
  data::audit_rows(dataset.rows(), examined.split, examined.audit);
  data::audit_labels(dataset.rows(), dataset.manifest().classes, corpus, examined.audit);
  data::audit_sounds(dataset.manifest().sounds, corpus, examined.split, examined.audit);
  return examined;
}

int run(int argc, const char* const* argv) {
  std::string source;
  std::string split_file;
  std::string dataset_folder;
  std::string classes = "own";
  std::vector<std::string> tolerates;
  data::ScanOptions options;
  bool json = false;
  CommandLine line(
      "audit",
      "Counts what the sides of a split share and refuses what its scheme does not tolerate "
      "(exit code 3).",
      "parlando audit --corpus ravdess --split split.json");
  CLI::App& app = line.app();
  CLI::Option* corpus_option = app.add_option(
      "--corpus", source, "folder or list of clips, or the manifest that scan wrote");
  app.add_option("--layout", options.labels.layout, "of the file names in a folder")
      ->check(CLI::IsMember(data::layout_names()))
      ->capture_default_str();
  app.add_option("--classes", classes, "own, seven, common, or a YAML file with a block 'classes'")
      ->capture_default_str();
  CLI::Option* split_option = app.add_option(
      "--split", split_file, "split to look at, ours or one made elsewhere (CSV, JSON)");
  app.add_option("--tolerate", tolerates, "relations that a split made elsewhere declares")
      ->delimiter(',')
      ->default_str("");
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

  options.labels.classes = data::load_class_config(classes);
  const Examined examined = dataset_folder.empty()
                                ? examine_split(source, split_file, tolerates, options)
                                : examine_dataset(dataset_folder);
  const std::string& scheme = examined.split.config.scheme;
  if (json) {
    fmt::print("{}\n", data::audit_to_json(examined.audit).dump(2));
  } else {
    fmt::print("{}", preprocess::audit_table(examined.audit, scheme));
  }
  if (!examined.audit.clean()) {
    fail(ErrorKind::data, "the split leaks: relations that scheme {} does not tolerate", scheme);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("parlando-audit", [&] { return run(argc, argv); });
}
