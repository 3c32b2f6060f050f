#pragma once

#include <string>
#include <vector>

#include "common/report/sweep/importance.h"
#include "common/report/sweep/sweep_record.h"

namespace parlando::report {

/// Parts of a sweep's page: each a <section> with a heading, or "" if the sweep has nothing for it.
std::string sweep_header(const SweepRecord& sweep);
std::string sweep_headline_section(const SweepRecord& sweep);
std::string sweep_meaning_section(const SweepRecord& sweep);
std::string leaderboard_section(const SweepRecord& sweep);
std::string importance_section(const SweepRecord& sweep, const std::vector<Importance>& importance);
std::string parallel_section(const SweepRecord& sweep, const std::vector<Importance>& importance);
std::string parameters_section(const SweepRecord& sweep, const std::vector<Importance>& importance);
std::string curves_section(const SweepRecord& sweep);
std::string open_trials_section(const SweepRecord& sweep);

/// The sweep's report as Markdown.
std::string sweep_markdown(const SweepRecord& sweep, const std::vector<Importance>& importance);

}  // namespace parlando::report
