#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/data/corpus.h"
#include "common/io/json.h"

namespace parlando::data {

enum class Side { train, validation, test, dropped };

const char* side_name(Side side);

/// The `split:` block of a configuration.
struct SplitConfig {
  std::string scheme = "stratified";
  std::string by = "emotion-channel";
  std::uint64_t seed = 42;
  double test_fraction = 0.2;
  double validation_fraction = 0.1;  ///< of the clips that are not in the test side
  int fold = 0;                      ///< of the schemes with folds

  template <class Visitor>
  void visit(Visitor& v) {
    v.field(
        "scheme", scheme,
        {.help = "how clips are divided",
         .choices = {"stratified", "stratified-pairs", "luna5", "emobox6", "loso", "group-kfold"}});
    v.field("by", by, {.help = "strata", .choices = {"emotion", "emotion-channel"}});
    v.field("seed", seed, {.help = "of the draw; scikit-learn's random_state"});
    v.field("test_fraction", test_fraction,
            {.help = "share of the test side", .min = 0.01, .max = 0.9});
    v.field("validation_fraction", validation_fraction,
            {.help = "share of the clips outside the test side that validates",
             .min = 0.0,
             .max = 0.9});
    v.field("fold", fold,
            {.help = "which fold is the test side, for schemes with folds", .min = 0});
  }
};

/// A clip taken out of the training side because its audio stands on another side.
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

  /// Hash over the sides.
  std::string hash() const;
};

/// Divides the clips by `config.scheme`:
/// * `stratified`: scikit-learn's StratifiedShuffleSplit over the clips in manifest order; the
/// validation
///   side by the same draw over the training side in its order. Strata by `config.by`.
/// * `stratified-pairs`: the same over utterances, so that the repetitions of one stay together.
/// * `luna5`, `emobox6`, `loso`, `group-kfold` (speaker i in fold i mod 5): whole speakers, those
/// of
///   `config.fold` test; validation speakers: luna5's published ones, else those of the next fold.
///   The seed plays no part. `validation_fraction` 0 leaves the validation side empty.
/// Then a training clip whose audio equals a validation or test clip's leaves the training side,
/// and so does a validation clip whose audio equals a test clip's. Throws Error(data) if a stratum
/// is too small, naming it, or if the speakers do not suit the scheme; Error(usage) for a fold or
/// scheme that does not exist.
Split make_split(const Corpus& corpus, const SplitConfig& config);

/// The same without the last step, for a corpus whose audio is not decoded yet.
Split draw_split(const Corpus& corpus, const SplitConfig& config);

/// The last step. Throws Error(data) if a side is left empty.
void drop_shared_audio(Split& split, const Corpus& corpus);

/// Folds of a scheme for a corpus; 1 for schemes without folds.
int fold_count(const Corpus& corpus, const std::string& scheme);

/// {"format":"parlando-split","version":1, the keys of SplitConfig, "corpus_hash", "hash",
/// "counts", "train", "validation", "test": [ids], "dropped": [{"id","reason"}]}. Reading checks
/// the hash, if there is one, and throws Error(artefact) naming `source`.
Json split_to_json(const Split& split);
Split split_from_json(const Json& json, const std::string& source);

/// Fails with Error(data) if the split names clips that the corpus does not have, or one on two
/// sides.
void check_split(const Split& split, const Corpus& corpus);

}  // namespace parlando::data
