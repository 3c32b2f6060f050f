#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/data/corpus.h"
#include "common/data/split_config.h"
#include "common/io/json.h"

namespace parlando::data {

enum class Side { train, validation, test, dropped };

const char* side_name(Side side);

/// A clip that is on no side: its audio stands on another one, or its side holds no clips of its
/// channel.
struct DroppedClip {
  std::string id;
  std::string reason;
};

/// Which clip is on which side. Made from the corpus manifest, before features.
struct Split {
  SplitConfig config;
  std::vector<std::string> train, validation, test;  ///< clip ids, in the order of the draw
  std::vector<DroppedClip> dropped;
  std::string corpus_hash;
  std::vector<std::string> classes;    ///< of the corpus that it was made from; [] = not known
  std::vector<std::string> tolerates;  ///< relations that an imported split declares

  /// Hash over the sides.
  std::string hash() const;
};

/// Divides the clips as divide.h says, and leaves clips out of a side that holds none of their
/// channel (SplitConfig::channels). Then a training clip whose audio equals a validation or test
/// clip's, or which is the same take by its labels, leaves the training side, and so does a
/// validation clip that equals a test clip: Split::dropped names all of them. Throws Error(data) if
/// a stratum is too small, naming it, or if the speakers do not suit the scheme; Error(usage) for a
/// fold, scheme or channel that does not exist.
Split make_split(const Corpus& corpus, const SplitConfig& config);

/// The same without the last step, for a corpus whose audio is not decoded yet.
Split draw_split(const Corpus& corpus, const SplitConfig& config);

/// The last step. Throws Error(data) if a side is left empty.
void drop_shared_audio(Split& split, const Corpus& corpus);

/// Folds of a scheme for a corpus; 1 for schemes without folds.
int fold_count(const Corpus& corpus, const SplitConfig& config);

/// {"format":"parlando-split","version":2, the keys of SplitConfig, "classes", "tolerates",
/// "corpus_hash", "hash", "counts", "train", "validation", "test": [ids], "dropped":
/// [{"id","reason"}]}. Version 1, which lacks the keys of folds and classes, is read too. Reading
/// checks the hash, if there is one, and throws Error(artefact) naming `source`.
Json split_to_json(const Split& split);
Split split_from_json(const Json& json, const std::string& source);

/// Fails with Error(data) if the split was made for other classes, names clips that the corpus does
/// not have, or one on two sides, or leaves clips of the corpus without a side.
void check_split(const Split& split, const Corpus& corpus);

}  // namespace parlando::data
