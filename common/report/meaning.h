#pragma once

#include <string>
#include <vector>

#include "common/report/run_record.h"

namespace parlando::report {

/// Things that a reader must see before any figure: made-up data, a leak, a missing evaluation.
/// Plain text.
std::vector<std::string> warnings(const RunRecord& run);

/// Plain sentences on what the figures show and what they do not; none without an evaluation.
std::vector<std::string> meaning(const RunRecord& run);

/// "random split, stratified by emotion and channel": the protocol in words.
std::string protocol_in_words(const RunRecord& run);

/// "validation-is-test" as words: what the leak does.
std::string leak_in_words(const std::string& name);

/// "shared-speaker" as words: "speaker also on the other side".
std::string relation_in_words(const std::string& name);

}  // namespace parlando::report
