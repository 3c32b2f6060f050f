#pragma once

#include <string>

#include "common/data/corpus.h"
#include "common/io/json.h"

namespace parlando::preprocess {

/// What is in a corpus, for a person: counts of emotion by channel, speakers, hours, rates, stereo
/// files, warnings, and each defect with its reason. Ends with a newline.
std::string corpus_table(const data::Corpus& corpus);

/// The same as JSON: {"name","synthetic","root","hash","clips","speakers","hours","counts":
/// {class:{channel:n}},"left_out":{label:n},"sample_rates":{"Hz":n},"seconds":{"min","max"},"stereo":[ids],
/// "duplicates":[[ids]],"warnings":[..],"defects":[{"path","reason"}]}.
Json corpus_summary(const data::Corpus& corpus);

}  // namespace parlando::preprocess
