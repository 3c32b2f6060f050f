#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/metrics/reliability.h"
#include "common/report/plot/plot.h"
#include "common/report/study/study_analysis.h"
#include "common/report/study/study_summaries.h"

namespace parlando::report {

/// A dot a seed, and the mean with its interval by speaker, a line a row; rows with an allowed leak
/// stand below, apart and with another mark.
Plot means_plot(const StudyRecord& study, const StudyAnalysis& analysis, std::size_t measure);

/// Differences from the baseline with their intervals, over the range of effects that would not
/// have been seen; filled marks where one is shown. nullopt if nothing was compared.
std::optional<Plot> differences_plot(const StudyRecord& study, const StudyAnalysis& analysis,
                                     std::size_t measure);

/// Median and range over seeds of the losses, and of the validation side's accuracy and UAR.
Plot loss_plot(const StudyEntry& entry, const std::string& name);
Plot validation_plot(const StudyEntry& entry, const std::string& name);

/// Shares of each true class; black and white on blue, numbers in each cell.
Plot confusion_plot(const StudyEntry& entry, const std::string& name);

/// Accuracy of each group: mean and range over runs.
Plot groups_plot(const StudyEntry& entry, const std::string& name);

/// Accuracy against confidence with intervals, the diagonal and the shares of clips.
Plot reliability_plot(const StudyEntry& entry, const std::string& name);

/// Accuracy over the strength of one kind of condition, a line a row: mean and range over runs.
Plot robustness_plot(const StudyRecord& study, const std::vector<std::size_t>& chosen,
                     const ConditionFamily& family, const std::string& name);

/// Name of a row's figure: "curves-<id>", made fit for a file; `number` keeps two apart whose ids
/// become one.
std::string plot_name(const std::string& kind, const StudyRecord& study, std::size_t entry);

}  // namespace parlando::report
