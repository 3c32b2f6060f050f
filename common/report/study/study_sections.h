#pragma once

#include <cstddef>
#include <vector>

#include "common/report/document/document.h"
#include "common/report/study/study_analysis.h"

namespace parlando::report {

/// Indices of the rows that get figures of their own.
using Chosen = std::vector<std::size_t>;

/// Parts of a study's report; one without blocks has nothing to say.
Section results_section(const StudyRecord& study, const StudyAnalysis& analysis);
Section leaks_section(const StudyRecord& study, const StudyAnalysis& analysis);
Section differences_section(const StudyRecord& study, const StudyAnalysis& analysis);
Section reading_section(const StudyRecord& study, const StudyAnalysis& analysis);
Section runs_section(const StudyRecord& study);
Section study_curves_section(const StudyRecord& study, const Chosen& chosen);
Section study_classes_section(const StudyRecord& study);
Section study_confusion_section(const StudyRecord& study, const Chosen& chosen);
Section study_groups_section(const StudyRecord& study, const Chosen& chosen);
Section study_clips_section(const StudyRecord& study, const Chosen& chosen);
Section study_calibration_section(const StudyRecord& study, const Chosen& chosen);
Section robustness_section(const StudyRecord& study, const Chosen& chosen);
Section origin_section(const StudyRecord& study);

}  // namespace parlando::report
