#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/report/run_record.h"

namespace parlando::report {

/// Mean and sample standard deviation (n - 1) over runs; sd is NaN for a single run.
struct MeanSd {
  double mean = 0;
  double sd = 0;
};
MeanSd mean_sd(std::span<const double> values);

/// Evaluated runs that differ in nothing but the key `seed`: same configuration, dataset and split.
struct RunGroup {
  std::vector<std::size_t> runs;  ///< indices into the runs given
  MeanSd accuracy, uar, macro_f1, weighted_f1;
};

/// Groups in the order of their first run; runs without an evaluation are in none.
std::vector<RunGroup> group_runs(std::span<const RunRecord> runs);

/// The headline figures of a group or an evaluation, in the order in which tables show them.
inline constexpr std::array<const char*, 4> kFigureNames{"accuracy", "UAR", "macro F1",
                                                         "weighted F1"};
std::array<MeanSd, 4> figures_of(const RunGroup& group);
std::array<metrics::Figure, 4> figures_of(const metrics::Evaluation& evaluation);

}  // namespace parlando::report
