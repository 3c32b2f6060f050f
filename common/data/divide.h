#pragma once

#include <cstddef>
#include <vector>

#include "common/data/corpus.h"
#include "common/data/split_config.h"

namespace parlando::data {

/// Indices into Corpus::clips, in the order of the draw.
struct DividedClips {
  std::vector<std::size_t> train, validation, test;
};

/// Divides all clips by `config.scheme`:
/// * `stratified`: scikit-learn's StratifiedShuffleSplit over the clips in manifest order, strata
/// by
///   `by`; `fold` is the number of the draw of one generator. The validation side is the same draw
///   over the training side in its order.
/// * `kfold`: scikit-learn's StratifiedKFold(folds, shuffle); `fold` tests, the validation side is
/// a
///   stratified draw over all others.
/// * `stratified-pairs`, `kfold-pairs`: the same over utterances, so that the repetitions of one
/// stay
///   together.
/// * whole speakers: see speaker_folds.h.
/// With `inner_fold`, the validation side is that fold of the clips outside the test side, by the
/// same scheme with `inner_folds` folds. `validation_fraction` 0 leaves the validation side empty.
/// Throws as make_split does.
DividedClips divide_clips(const Corpus& corpus, const SplitConfig& config);

}  // namespace parlando::data
