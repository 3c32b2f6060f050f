#pragma once

#include <string>

#include "common/io/json.h"
#include "train/run/train_job.h"

namespace parlando::train {

/// What a run would be, found by a few real steps: shapes through the network, parameters, samples,
/// steps, memory and time. Every rank calls it; the result is rank 0's, seconds and bytes.
Json dry_run(const ReadyJob& job);

/// Where the time of `steps` steps goes, after some for warm-up: seconds a step of every phase, the
/// mean over ranks and the slowest rank's. Every rank calls it; all get the result.
Json profile(const ReadyJob& job, int steps);

/// The same for people, as tables.
std::string dry_run_text(const Json& result);
std::string profile_text(const Json& result);

}  // namespace parlando::train
