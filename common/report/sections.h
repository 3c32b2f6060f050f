#pragma once

#include <string>
#include <vector>

#include "common/report/run_record.h"

namespace parlando::report {

/// Parts of a run's page: each a <section> with a heading, or "" if the run has nothing for it.
std::string warning_banners(const RunRecord& run);
std::string headline_section(const RunRecord& run);
std::string meaning_section(const RunRecord& run);
std::string confusion_section(const RunRecord& run);
std::string classes_section(const RunRecord& run);
std::string groups_section(const RunRecord& run);
std::string clips_section(const RunRecord& run);
std::string calibration_section(const RunRecord& run);
std::string training_section(const RunRecord& run);
std::string protocol_section(const RunRecord& run);
std::string provenance_section(const RunRecord& run);

/// The wrong predictions of the highest confidence, at most as many as a page shows.
std::vector<metrics::Prediction> confident_errors(const RunRecord& run);

}  // namespace parlando::report
