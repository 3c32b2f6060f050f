#include <string>

#include <fmt/format.h>

#include "common/config/command_line.h"
#include "common/core/error.h"
#include "common/core/program.h"
#include "common/data/layout.h"
#include "common/data/scan.h"
#include "common/io/atomic_file.h"
#include "preprocess/verbs/scan/corpus_summary.h"

namespace {

using namespace parlando;

int run(int argc, const char* const* argv) {
  std::string source;
  std::string classes = "own";
  std::string out;
  bool json = false;
  bool fresh = false;
  std::size_t allowed = 0;
  data::ScanOptions options;
  CommandLine line(
      "scan",
      "Finds, labels and decodes the clips of a folder or of a list, and says what is in it.",
      "parlando scan ravdess --out corpus.jsonl");
  line.app()
      .add_option("source", source,
                  "folder of wav and FLAC clips, or a list of clips: CSV or JSON lines with path, "
                  "label and speaker")
      ->required();
  line.app()
      .add_option("--layout", options.labels.layout, "of the file names in a folder")
      ->check(CLI::IsMember(data::layout_names()))
      ->capture_default_str();
  line.app()
      .add_option("--classes", classes, "own, seven, common, or a YAML file with a block 'classes'")
      ->capture_default_str();
  line.app().add_option("--out", out,
                        "corpus manifest to write (JSON lines); if it is there, unchanged clips "
                        "are not decoded again");
  line.app().add_flag("--fresh", fresh, "decode every clip again");
  line.app().add_option("--allow-defects", allowed,
                        "defective files accepted; more end with code 3");
  line.app()
      .add_option("--threads", options.threads, "decoding threads; 0 = all cores")
      ->check(CLI::Range(0, 1024));
  line.app().add_flag("--json", json, "print one JSON document");
  if (const auto code = line.parse(argc, argv)) return *code;

  require_other_file(out, source);
  options.labels.classes = data::load_class_config(classes);
  if (!fresh) options.cache_path = out;
  const data::Corpus corpus = data::scan_corpus(source, options);
  if (!out.empty()) data::write_corpus(out, corpus);
  if (json) {
    fmt::print("{}", json_text(preprocess::corpus_summary(corpus)));
  } else {
    fmt::print("{}", preprocess::corpus_table(corpus));
  }
  if (corpus.defects.size() > allowed) {
    fail(ErrorKind::data, "{} file(s) can't be used, {} allowed (--allow-defects)",
         corpus.defects.size(), allowed);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("parlando-scan", [&] { return run(argc, argv); });
}
