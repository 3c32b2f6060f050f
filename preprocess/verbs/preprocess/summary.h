#pragma once

#include "common/io/json.h"
#include "preprocess/pipeline/dry_run.h"
#include "preprocess/pipeline/preprocess_job.h"

namespace parlando::preprocess {

/// What was done, in one or two lines on stderr.
void print_summary(const PreprocessJob& job, const PreprocessSummary& summary);

/// The same for scripts.
Json summary_to_json(const PreprocessJob& job, const PreprocessSummary& summary);

/// The plan, on stderr or as JSON on stdout.
void print_dry_run(const PreprocessJob& job, const DryRun& plan, bool json);

}  // namespace parlando::preprocess
