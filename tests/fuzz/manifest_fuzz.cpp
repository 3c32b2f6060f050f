#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "common/core/log.h"
#include "common/core/text.h"
#include "common/data/clip_manifest.h"
#include "common/data/corpus.h"
#include "common/data/dataset_manifest.h"
#include "common/data/layout.h"
#include "common/data/ravdess.h"
#include "common/data/split.h"
#include "common/io/json.h"
#include "tests/fuzz/fuzz_input.h"

using namespace parlando;

namespace {

/// An accepted corpus is consistent, and so is what is made from it.
void read_corpus_manifest(const std::filesystem::path& path) {
  const data::Corpus corpus = data::read_corpus(path);
  for (const data::Clip& clip : corpus.clips) {
    const int index = corpus.class_index(clip.label);
    fuzz::require(index >= 0 && index < static_cast<int>(corpus.classes.size()),
                  "a clip has a label that is no class");
  }
  fuzz::require(corpus.hash().size() == 32, "the hash has another length");
  static_cast<void>(corpus.duplicates());
  static_cast<void>(data::speakers(corpus));
  data::SplitConfig config;
  config.by = "emotion";
  static_cast<void>(data::make_split(corpus, config));
}

void read_split(std::string_view text) {
  const data::Split split = data::split_from_json(parse_json(text, "split"), "split");
  const Json again = data::split_to_json(split);
  fuzz::require(data::split_from_json(again, "again").hash() == split.hash(),
                "a split changes when it is written and read");
}

/// A person's list of clips: each record is a clip or a defect.
void read_list(const std::filesystem::path& path) {
  const data::Corpus corpus = data::read_clip_manifest(path);
  for (const data::Clip& clip : corpus.clips) {
    fuzz::require(!clip.id.empty() && !clip.label.empty() && !clip.speaker.empty(),
                  "a clip of a list lacks a label");
  }
  for (const data::Defect& defect : corpus.defects) {
    fuzz::require(!defect.path.empty() && !defect.reason.empty(), "a defect has no name");
  }
}

void parse_path(const data::Layout& layout, std::string_view path) {
  const data::Clip clip = layout.parse(std::filesystem::path(path));
  fuzz::require(!clip.id.empty() && !clip.speaker.empty() &&
                    std::ranges::find(layout.classes, clip.label) != layout.classes.end(),
                "a path was accepted without its labels");
}

void parse_name(std::string_view stem) {
  const data::Clip clip = data::parse_ravdess_name(stem);
  fuzz::require(clip.id == stem && !clip.label.empty() && !clip.speaker.empty(),
                "a name was accepted without its labels");
}

}  // namespace

/// The first byte chooses what the rest is: the name of a clip (n, or 0 to 4 for the path of a
/// layout), a corpus manifest (c), a list of clips (l CSV, j JSON lines), a split (s) or the
/// manifest of a dataset (d).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = fuzz::as_text({bytes + 1, size - 1});
  static const fuzz::ScratchFolder folder;
  static const std::filesystem::path corpus = folder.path() / "corpus.jsonl";
  static const std::filesystem::path csv = folder.path() / "list.csv";
  static const std::filesystem::path json_lines = folder.path() / "list.jsonl";
  static const std::filesystem::path manifest = folder.path() / data::kManifestFile;
  set_log_level(LogLevel::error);
  fuzz::may_refuse([&] {
    switch (bytes[0]) {
      case 'n':
        return parse_name(text);
      case 'c':
        fuzz::write_input(corpus, text);
        return read_corpus_manifest(corpus);
      case 'l':
        fuzz::write_input(csv, text);
        return read_list(csv);
      case 'j':
        fuzz::write_input(json_lines, text);
        return read_list(json_lines);
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
        return parse_path(data::layouts()[bytes[0] - std::size_t{'0'}], text);
      case 's':
        return read_split(text);
      case 'd':
        fuzz::write_input(manifest, text);
        static_cast<void>(data::read_manifest(folder.path()));
        return;
      default:
        return;
    }
  });
  return 0;
}
