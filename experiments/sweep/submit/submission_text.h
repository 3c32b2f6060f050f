#pragma once

#include "experiments/sweep/submit/submit.h"

namespace parlando::sweep {

/// Tells on the terminal which jobs a submission made; as JSON on stdout too if `json`, unless
/// there was nothing to submit.
void print_submission(const Submission& submission, bool json);

}  // namespace parlando::sweep
