#pragma once

#include <string>

#include "common/report/study/study_analysis.h"

namespace parlando::report {

/// Tables for other programs: shares from 0 to 1, an empty field where there is no number. Each
/// names a row's leaks, so that none can be mixed up with the others.
std::string results_csv(const StudyRecord& study, const StudyAnalysis& analysis);
std::string differences_csv(const StudyRecord& study, const StudyAnalysis& analysis);
std::string runs_csv(const StudyRecord& study);
std::string classes_csv(const StudyRecord& study);
std::string groups_csv(const StudyRecord& study);
std::string clips_csv(const StudyRecord& study);
std::string conditions_csv(const StudyRecord& study);
std::string confusions_csv(const StudyRecord& study);
std::string calibration_csv(const StudyRecord& study);

}  // namespace parlando::report
