#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/report/study/study_analysis.h"

namespace parlando::report {

/// "81.1 ± 1.0", per cent.
std::string mean_text(const MeanSd& figure);
/// "79.0 – 83.5", per cent; "-" if it is unknown.
std::string interval_text(double low, double high);
/// A difference in points with its sign, "+1.2"; "-" if it is unknown.
std::string points(double difference);
/// "+0.3 to +2.1"; "-" if it is unknown.
std::string points_interval(double low, double high);
/// "0.032", "< 0.001" or "-".
std::string p_text(double p);

/// "10", or "7 of 10" where runs are missing.
std::string runs_text(const StudyEntry& entry);

/// What may be said of a row: "higher by 1.3 points" or "lower ..." where the adjusted test
/// supports it; else that no difference is shown and which effects would not have been seen; else
/// why nothing was tested.
std::string conclusion(const Comparison& comparison);

/// What a reader has to know before any figure: missing runs, allowed leaks, results left out.
std::vector<std::string> study_warnings(const StudyRecord& study);

/// How to read the figures, in plain sentences.
std::vector<std::string> study_meaning(const StudyRecord& study, const StudyAnalysis& analysis);

/// Rows that get figures of their own: `wanted`; or, if that is empty, all rows with runs of a
/// small study, else the baseline and the rows that differ from it by the adjusted test. Indices
/// into the study's entries. Throws Error(usage) for a row that is not there, naming the nearest.
std::vector<std::size_t> chosen_entries(const StudyRecord& study, const StudyAnalysis& analysis,
                                        const std::vector<std::string>& wanted);

}  // namespace parlando::report
