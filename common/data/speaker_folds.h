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

/// Folds of a speaker scheme for a corpus. Throws Error(data) if its speakers do not suit the
/// scheme.
std::vector<SpeakerFold> speaker_folds(const Corpus& corpus, const std::string& scheme);

}  // namespace parlando::data
