#pragma once

#include <vector>

#include "train/verbs/check.h"
#include "train/verbs/job_checks.h"

namespace parlando::train {

/// Versions, machine, launch environment, devices and limits of this process.
std::vector<Check> run_checks();

/// What this rank brings to judge_job(), but for its number and its clock.
RankFacts facts_here();

}  // namespace parlando::train
