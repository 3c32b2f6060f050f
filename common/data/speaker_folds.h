#pragma once

#include <string>
#include <vector>

#include "common/data/split.h"

namespace parlando::data {

/// Speakers of the test and the validation side; all others train.
struct SpeakerFold {
  std::vector<std::string> test;
  std::vector<std::string> validation;
};

/// True for the schemes that divide by whole speakers.
bool divides_speakers(const std::string& scheme);

/// Test speakers of every fold of a speaker scheme:
/// * `luna5`, `emobox6`: published, of RAVDESS's actors; `loso`: every speaker once;
/// * `group-kfold`: speaker i in fold i mod `folds`;
/// * `stratified-group-kfold`: scikit-learn's StratifiedGroupKFold(folds, shuffle) over emotions.
/// The seed plays a part in the last alone. Throws Error(data) if the corpus's speakers do not suit
/// the scheme.
std::vector<std::vector<std::string>> speaker_folds(const Corpus& corpus,
                                                    const SplitConfig& config);

/// The speakers of `config.fold`, and those that validate: `validation_speakers`; else with
/// `inner_fold` that fold of all others (by the same scheme; dealt out for the published ones; one
/// speaker each for `loso`); else luna5's published ones or the next fold's, as `validation_from`
/// says; none if `validation_fraction` is 0. Throws Error(usage) for a fold that does not exist and
/// for validation speakers that test or are unknown.
SpeakerFold speaker_fold(const Corpus& corpus, const SplitConfig& config);

}  // namespace parlando::data
