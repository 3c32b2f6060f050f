#include <cstdint>
#include <filesystem>

#include "common/core/text.h"
#include "common/data/corpus.h"
#include "common/data/dataset_manifest.h"
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
  static_cast<void>(data::make_split(corpus, {.by = "emotion"}));
}

void read_split(std::string_view text) {
  const data::Split split = data::split_from_json(parse_json(text, "split"), "split");
  const Json again = data::split_to_json(split);
  fuzz::require(data::split_from_json(again, "again").hash() == split.hash(),
                "a split changes when it is written and read");
}

void parse_name(std::string_view stem) {
  const data::Clip clip = data::parse_ravdess_name(stem);
  fuzz::require(clip.id == stem && !clip.label.empty() && !clip.speaker.empty(),
                "a name was accepted without its labels");
}

}  // namespace

/// The first byte chooses what the rest is: the name of a clip, a corpus manifest, a split or the
/// manifest of a dataset.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = fuzz::as_text({bytes + 1, size - 1});
  static const fuzz::ScratchFolder folder;
  static const std::filesystem::path corpus = folder.path() / "corpus.jsonl";
  static const std::filesystem::path manifest = folder.path() / data::kManifestFile;
  fuzz::may_refuse([&] {
    switch (bytes[0]) {
      case 'n':
        return parse_name(text);
      case 'c':
        fuzz::write_input(corpus, text);
        return read_corpus_manifest(corpus);
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
